import Shared

/// One item of `listen`: an address, or a mapping with `address` and what is spoken there.
struct ListenConfiguration: Sendable, Equatable, CustomStringConvertible {
    enum Role: Sendable, Equatable {
        case plain
        /// TLS (`tls`, see `TLSListenConfiguration`).
        case secured(TLSListenConfiguration)
        /// `redirect: https`: every request is sent to the same place over TLS, at `port`.
        case redirect(port: UInt16)
    }
    let address: ListenAddress
    let role: Role
    /// The name of its socket in a unit (`FileDescriptorName=`).
    let name: String

    var description: String { address.description }

    /// What a listener is before it has a name and all have been read.
    struct Item {
        let address: ListenAddress
        var tls: TLSListenConfiguration?
        var isRedirect = false
        var port: UInt16?
    }

    static let plainName = "http"
    static let securedName = "https"
    static let redirectName = "redirect"

    /// Names the items: `http`, `https` and `redirect`; further ones with a number, where they differ in what they do.
    static func named(_ items: [Item]) -> [ListenConfiguration] {
        var roles: [(name: String, role: Role)] = []
        let securePort = items.lazy.compactMap { $0.tls == nil ? nil : $0.address.port }.first { $0 > 0 }
        return items.map { item in
            let role: Role =
                if let tls = item.tls {
                    .secured(tls)
                } else {
                    item.isRedirect ? .redirect(port: item.port ?? securePort ?? 443) : .plain
                }
            if let known = roles.first(where: { $0.role == role }) {
                return ListenConfiguration(address: item.address, role: role, name: known.name)
            }
            let base =
                switch role {
                case .plain: plainName
                case .secured: securedName
                case .redirect: redirectName
                }
            let count = roles.count {
                $0.name.hasPrefix(base) && ($0.name == base || $0.name.dropFirst(base.count).first == "-")
            }
            let name = count == 0 ? base : "\(base)-\(count + 1)"
            roles.append((name, role))
            return ListenConfiguration(address: item.address, role: role, name: name)
        }
    }

    /// Whether both bind the same sockets for the same; certificates are taken into use without a restart.
    static func areBoundAlike(_ one: [ListenConfiguration], _ other: [ListenConfiguration]) -> Bool {
        one.count == other.count
            && zip(one, other).allSatisfy { left, right in
                guard left.address == right.address, left.name == right.name else { return false }
                if case .secured = left.role, case .secured = right.role { return true }
                return left.role == right.role
            }
    }

    /// What systemd may pass sockets for, and our own addresses for each name.
    static func requests(_ listeners: [ListenConfiguration], instead address: ListenAddress?) -> [ListenerRequest] {
        if let address { return [ListenerRequest(name: plainName, addresses: [address])] }
        var names: [String] = []
        for listener in listeners where !names.contains(listener.name) { names.append(listener.name) }
        return names.map { name in
            ListenerRequest(name: name, addresses: listeners.filter { $0.name == name }.map(\.address))
        }
    }
}

extension ListenAddress {
    fileprivate var port: UInt16? {
        if case .tcp(_, let port) = self { port } else { nil }
    }
}

extension ValueForm where Value == ListenConfiguration.Item {
    /// An address, or a mapping. Relative paths of files are below `directory`, those of sockets below `runDirectory`.
    static func listener(directory: String, runDirectory: String, credentials: Credentials) -> ValueForm {
        ValueForm { node in
            guard node.isMapping else {
                return node.read(as: ValueForm<ListenAddress>.listenAddress(relativeTo: runDirectory))
                    .map { ListenConfiguration.Item(address: $0) }
            }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            return read(reader, directory, runDirectory, credentials)
        }
    }

    private static func read(
        _ reader: ConfigurationReader, _ directory: String, _ runDirectory: String, _ credentials: Credentials
    ) -> ListenConfiguration.Item? {
        let address = reader.required("address", .listenAddress(relativeTo: runDirectory), example: "'*:443'")
        let isRedirect = reader.optional("redirect", ValueForm<RedirectTarget>.word) != nil
        let port = reader.optional("port", .integer(in: 1...65535)).flatMap { UInt16(exactly: $0) }
        let tls = TLSListenConfiguration.read(reader, directory: directory, credentials)
        if reader.has("redirect"), reader.has("tls") {
            reader.report(
                "redirect", "a listener speaks TLS or redirects to it, not both", mend: "Take one of them out.")
            return nil
        }
        if reader.has("port"), !reader.has("redirect") {
            reader.report("port", "`port` is where `redirect` leads", mend: "Write the port behind the address.")
            return nil
        }
        for key in ["client_certificates", "hsts"] where reader.has(key) && !reader.has("tls") {
            reader.report(key, "`\(key)` is for a listener that speaks TLS", mend: "Add `tls`, or take it out.")
        }
        guard let address, tls != nil || !reader.has("tls"), isRedirect || !reader.has("redirect") else { return nil }
        return ListenConfiguration.Item(address: address, tls: tls, isRedirect: isRedirect, port: port)
    }
}

/// Where a listener may lead to.
private enum RedirectTarget: String, CaseIterable {
    case https
}
