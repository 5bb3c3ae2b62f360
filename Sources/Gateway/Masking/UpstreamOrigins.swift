import Shared

/// What tells who a service is: the names, addresses, ports and sockets by which it is reached, as they are now. None
/// of it may reach a client.
struct UpstreamOrigins: Sendable, Equatable {
    enum Scheme: String, Sendable {
        case http, https

        var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    /// One host and port.
    struct Authority: Sendable, Hashable {
        /// In lower case: a name in ASCII without a period at its end, an IPv4 address, or an IPv6 address without
        /// brackets.
        let host: String
        let port: UInt16

        init(host: String, port: UInt16) {
            var host = host.lowercased()
            if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
            if host.hasSuffix(".") { host.removeLast() }
            self.host = host
            self.port = port
        }

        var isIPv6: Bool { host.contains(":") }
        /// Four numbers, the last of them at the end: a name cannot end in one (URL Standard, "host parsing").
        var isIPv4: Bool { host.split(separator: ".").last.flatMap { UInt($0) } != nil }
        var isName: Bool { !isIPv6 && !isIPv4 }
        /// The host as it stands in a URL.
        var urlHost: String { isIPv6 ? "[\(host)]" : host }
    }

    /// How it is spoken to.
    var scheme = Scheme.http
    /// The one that the configuration names first, then those that it was resolved to. Empty for Unix sockets.
    var authorities: [Authority] = []
    /// The path below which it lives (`/v1`), canonical, without a slash at its end; empty for all of its paths.
    var basePath = ""
    /// Unix sockets, whole paths.
    var socketPaths: [String] = []
    /// It was given by `url`: it is not ours, and knows nothing of the gate.
    var isOutside = false

    init() {}

    /// A service of so many instances, given by their addresses.
    init(instances: [InstanceAddress]) {
        for instance in instances { add(instance) }
    }

    /// Takes what the configuration names as the place of an outside service.
    mutating func add(_ url: ServiceURL) {
        scheme = url.isSecure ? .https : .http
        basePath = url.basePath
        isOutside = true
        add(Authority(host: url.hostText, port: url.port))
    }

    /// Adds an address that the service has now.
    mutating func add(_ instance: InstanceAddress) {
        switch instance {
        case .unix(let path): if !socketPaths.contains(path) { socketPaths.append(path) }
        case .tcp(let address, let port): add(Authority(host: address, port: port))
        case .tls(let address, let port, let tls):
            scheme = .https
            add(Authority(host: tls.serverName, port: port))
            add(Authority(host: address, port: port))
        }
    }

    /// Adds a name or address; one of this host alone brings the other names of this host with it.
    mutating func add(_ authority: Authority) {
        insert(authority)
        guard Self.isLoopback(authority.host) else { return }
        for name in ["localhost", "127.0.0.1", "::1"] { insert(Authority(host: name, port: authority.port)) }
    }

    private mutating func insert(_ authority: Authority) {
        if !authorities.contains(authority) { authorities.append(authority) }
    }

    /// Whether a host is this one and no other (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3).
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "0.0.0.0" || host == "::"
            || host.hasPrefix("127.") && host.split(separator: ".").last.flatMap { UInt($0) } != nil
    }
}
