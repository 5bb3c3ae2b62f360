/// The names that must not be seen in the bodies of a service, from what tells who it is.
extension BodyPatterns {
    /// Nil for a service that has no name: there is nothing to look for.
    convenience init?(_ origins: UpstreamOrigins, service: Int) {
        var ports: [String: [UInt16]] = [:]
        for authority in origins.authorities { ports[authority.host, default: []].append(authority.port) }
        var names: [BodyName?] = ports.sorted { $0.key < $1.key }.flatMap { host, ports in
            // Letters of other scripts stand in a text as themselves, or as the name that the DNS knows.
            let spellings = [host] + [Punycode.unicode(of: host)].compactMap { $0 }
            let isName = UpstreamOrigins.Authority(host: host, port: 0).isName
            return spellings.map { spelling in
                BodyName(
                    Array(spelling.utf8), kind: isName ? .host : .address, ports: ports,
                    needsPort: UpstreamOrigins.isLoopback(host))
            }
        }
        names += origins.socketPaths.map { BodyName(Array($0.utf8), kind: .path) }
        // The longer one first: of two that one text may hold, it is the whole.
        let found = names.compactMap { $0 }.sorted { $0.bytes.count > $1.bytes.count }
        guard !found.isEmpty else { return nil }
        self.init(found, service: service)
    }
}
