/// Where a service is, as a URL: `https://api.weather.example/v1`. A scheme, a host, a port, and a path that stands before
/// that of each request; nothing else.
struct ServiceURL: Sendable, Hashable {
    enum Host: Sendable, Hashable {
        /// In small letters, in ASCII (an A-label where the name is not).
        case name(String)
        /// Numeric, in inet_ntop(3)'s form.
        case address(String)
    }
    let isSecure: Bool
    let host: Host
    let port: UInt16
    /// Canonical, without a slash at its end: empty, or `/v1`.
    let basePath: String

    /// What `Host` carries: the port stands in it where it is not the scheme's own (RFC 9110 section 7.2).
    var authority: String {
        let isUsual = port == (isSecure ? 443 : 80)
        return isUsual ? hostText : "\(hostText):\(port)"
    }

    /// The host as it stands in a URL.
    var hostText: String {
        switch host {
        case .name(let name): name
        case .address(let address): address.contains(":") ? "[\(address)]" : address
        }
    }
}

extension ServiceURL: CustomStringConvertible {
    var description: String { "\(isSecure ? "https" : "http")://\(authority)\(basePath)" }
}
