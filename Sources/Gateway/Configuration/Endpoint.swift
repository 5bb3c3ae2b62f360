/// A host and port that a service's file names by a URL.
struct Endpoint: Sendable, Hashable {
    let url: ServiceURL
    /// Whether its name may lead to private addresses. An address that stands in the file is the operator's own word.
    var allowsPrivate: Bool
    /// Of https.
    var tls: UpstreamTLS?

    /// An instance at one of its addresses.
    func address(_ text: String) -> InstanceAddress {
        if let tls { return .tls(address: text, port: url.port, tls) }
        return .tcp(address: text, port: url.port)
    }
}
