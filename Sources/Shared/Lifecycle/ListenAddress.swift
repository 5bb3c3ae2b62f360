/// Where a process listens, as it stands in a configuration file or on a command line.
///
/// - `unix:/run/postern/data.sock`: a Unix stream socket. Its path is absolute and has 107 bytes at most.
/// - `127.0.0.1:3000`, `[::1]:3000`: one address of this machine. `[::]` takes IPv4 too.
/// - `localhost:3000`: both loopback addresses, 127.0.0.1 and ::1, whatever /etc/hosts says: a browser that
///   resolves `localhost` may try either. A machine without IPv6 gets 127.0.0.1 alone.
/// - `*:3000`: every address of this machine, IPv4 and IPv6.
///
/// Other names are refused: a name may mean other addresses tomorrow, and a listener must not move with it.
/// Port 0 is any free port (for `localhost` the same one on both addresses).
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    case unix(path: String)
    case tcp(host: Host, port: UInt16)

    package enum Host: Sendable, Hashable {
        /// An IPv4 or IPv6 address in inet_ntop(3)'s form, without brackets.
        case address(String)
        case localhost
        case any
    }

    /// In the form in which ``init(_:relativeTo:)`` reads it.
    package var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(.address(let address), let port): Self.text(address: address, port: port)
        case .tcp(.localhost, let port): "localhost:\(port)"
        case .tcp(.any, let port): "*:\(port)"
        }
    }

    /// `address:port`, with brackets around an IPv6 address.
    static func text(address: String, port: UInt16) -> String {
        address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
