import Shared

/// Where the instances of a service come from.
enum InstanceSource: Sendable, Hashable {
    case fixed(InstanceAddress)
    /// Every socket in a folder whose name begins and ends so: `unix:/run/postern/data/*.sock`; see `SocketPattern`.
    case folder(String, prefix: String, suffix: String)
    /// A host by its name, or one that is reached with TLS.
    case endpoint(Endpoint)

    /// The name that is to be looked up; nil for what stands as it is.
    var name: ServiceName? {
        guard case .endpoint(let endpoint) = self, case .name(let host) = endpoint.url.host else { return nil }
        return ServiceName(host: host, allowsPrivate: endpoint.allowsPrivate)
    }

    /// The sockets that are meant; nil for what is no pattern.
    var pattern: SocketPattern? {
        guard case .folder(let folder, let prefix, let suffix) = self else { return nil }
        return SocketPattern(folder: folder, prefix: prefix, suffix: suffix)
    }

    var isSecure: Bool { if case .endpoint(let endpoint) = self { endpoint.url.isSecure } else { false } }

    /// The same, with another word on where a name may lead.
    func allowingPrivate(_ allowsPrivate: Bool) -> InstanceSource {
        guard case .endpoint(var endpoint) = self else { return self }
        endpoint.allowsPrivate = allowsPrivate
        return .endpoint(endpoint)
    }

    /// The same, with what secures its connections, where it begins with https.
    /// - Parameter serverName: in place of the URL's host.
    func secured(
        _ settings: UpstreamTLS.Settings, as serverName: String?
    ) throws(TLSMaterialError) -> InstanceSource {
        guard case .endpoint(var endpoint) = self, endpoint.url.isSecure else { return self }
        let host: String =
            switch endpoint.url.host {
            case .name(let name): name
            case .address(let address): address
            }
        endpoint.tls = try UpstreamTLS(serverName: serverName ?? host, settings)
        return .endpoint(endpoint)
    }

    /// The instances that there are now: in the order of their names, or of the addresses that a name leads to.
    /// - Parameters:
    ///   - lookUp: what a name leads to.
    ///   - sockets: what the folders hold; nil has them looked at now.
    ///   - owners: whose sockets are taken.
    func resolve(
        _ lookUp: (ServiceName) -> [IPAddress] = { _ in [] }, sockets: SocketTable? = nil,
        owners: OwnerRule = .standard
    ) -> [InstanceAddress] {
        switch self {
        case .fixed(let address):
            return [address]
        case .endpoint(let endpoint):
            let addresses: [String] =
                switch endpoint.url.host {
                case .address(let address): [address]
                case .name: name.map { lookUp($0).map(\.description) } ?? []
                }
            return addresses.map { endpoint.address($0) }
        case .folder(let folder, let prefix, let suffix):
            let pattern = SocketPattern(folder: folder, prefix: prefix, suffix: suffix)
            return pattern.matches(in: sockets ?? SocketTable([folder]), owners).compactMap { match in
                match.isRefused ? nil : .unix(path: match.path)
            }
        }
    }
}

extension ValueForm where Value == InstanceAddress {
    /// `unix:/path` (a relative path is below `folder`), or `http://` with a numeric address and a port.
    static func instance(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            guard let source = node.read(as: ValueForm<InstanceSource>.instances(relativeTo: folder)) else {
                return nil
            }
            if case .fixed(let address) = source { return address }
            if case .endpoint = source {
                node.report(
                    "`\(node.name)` must be a socket or a numeric address without TLS, not \(source)",
                    mend: "Write unix:/run/name.sock or http://127.0.0.1:8080.")
            } else {
                node.report("`\(node.name)` must name one socket, not a pattern", mend: "Write the path without `*`.")
            }
            return nil
        }
    }
}

extension ValueForm where Value == InstanceSource {
    /// One instance, or a pattern with one `*` in the last part of a Unix socket's path.
    static func instances(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "an address", mend: forms)
                return nil
            }
            if text.hasPrefix("unix:") { return unix(String(text.dropFirst(5)), relativeTo: folder, node) }
            if text.hasPrefix("http://") || text.hasPrefix("https://") { return tcp(text, node) }
            node.report("`\(node.name)`: '\(text)' is no address of an instance", mend: forms)
            return nil
        }
    }

    private static var forms: String { "Write unix:/run/name.sock, unix:/run/name/*.sock or http://127.0.0.1:8080." }

    private static func unix(_ path: String, relativeTo folder: String, _ node: ConfigurationNode) -> InstanceSource? {
        guard path.contains("*") else {
            do throws(ListenError) {
                guard case .unix(let path) = try ListenAddress(unixPath: path, relativeTo: folder) else { return nil }
                return .fixed(.unix(path: path))
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
        let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        let slash = whole.lastIndex(of: "/") ?? whole.startIndex
        let name = whole[whole.index(after: slash)...].split(separator: "*", omittingEmptySubsequences: false)
        guard name.count == 2, !whole[..<slash].contains("*") else {
            node.report(
                "`\(node.name)`: a pattern has one `*`, in the last part of the path",
                mend: "Write for example unix:/run/postern/data/*.sock.")
            return nil
        }
        return .folder(String(whole[..<slash]), prefix: String(name[0]), suffix: String(name[1]))
    }

    private static func tcp(_ text: String, _ node: ConfigurationNode) -> InstanceSource? {
        do throws(ServiceURL.Fault) {
            let url = try ServiceURL(text)
            guard url.basePath.isEmpty else {
                node.report(
                    "`\(node.name)`: \(ServiceURL.quoted(text)) has a path",
                    mend: "End it with the port; a route's `path` says what an instance is asked for.")
                return nil
            }
            guard case .address(let address) = url.host, !url.isSecure else {
                // A name of one's own may lead to one's own network.
                return .endpoint(Endpoint(url: url, allowsPrivate: true))
            }
            return .fixed(.tcp(address: address, port: url.port))
        } catch {
            node.report("`\(node.name)`: \(error.message)", mend: error.mend)
            return nil
        }
    }
}
