// Unsafe: hands an address as a C string to the shim.
import CLinux
import Glibc
import Shared

/// Finds out before anything is started whether the gateway's port is free: the answer names who holds it, which the
/// gateway itself could not say as early or as well.
struct PortCheck {
    /// The error number of listening on `address` and `port`, 0 for success. The socket is closed at once.
    var tryToListen: (_ address: String, _ port: UInt16) -> Int32 = { address, port in
        let descriptor = unsafe postern_listen_tcp(address, port, 1, false)
        guard descriptor >= 0 else { return errno }
        close(descriptor)
        return 0
    }
    var holder: (_ port: UInt16) -> PortHolder? = PortHolder.find

    /// How many ports after a taken one are tried for the advice.
    private static let portsTried: UInt16 = 20

    /// Throws when the port of one of `addresses` is taken. Whatever else is wrong with them the gateway says.
    func check(_ addresses: [ListenAddress]) throws(CommandFailure) {
        for case .tcp(let host, let port) in addresses where port != 0 && isTaken(host, port) {
            let who = holder(port)?.description ?? "another process"
            throw CommandFailure(
                "port \(port) is taken: \(who) listens on it",
                mend: advice(host, port).map { "Stop it, or choose another port: --listen \($0)" }
                    ?? "Stop it, or choose another port with --listen HOST:PORT")
        }
    }

    private func isTaken(_ host: ListenAddress.Host, _ port: UInt16) -> Bool {
        Self.numeric(host).contains { tryToListen($0, port) == EADDRINUSE }
    }

    private func advice(_ host: ListenAddress.Host, _ port: UInt16) -> ListenAddress? {
        (1...Self.portsTried).lazy
            .compactMap { UInt16(exactly: Int(port) + Int($0)) }
            .first { free in Self.numeric(host).allSatisfy { tryToListen($0, free) != EADDRINUSE } }
            .map { .tcp(host: host, port: $0) }
    }

    private static func numeric(_ host: ListenAddress.Host) -> [String] {
        switch host {
        case .address(let address): [address]
        case .localhost: ["127.0.0.1", "::1"]
        case .any: ["::"]
        }
    }
}
