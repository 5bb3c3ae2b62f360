/// Where an instance of a service listens.
enum InstanceAddress: Sendable, Hashable {
    case unix(path: String)
    /// A numeric address and a port.
    case tcp(address: String, port: UInt16)
    /// The same with TLS.
    case tls(address: String, port: UInt16, UpstreamTLS)
}

extension InstanceAddress: CustomStringConvertible {
    var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let address, let port):
            address.contains(":") ? "http://[\(address)]:\(port)" : "http://\(address):\(port)"
        case .tls(let address, let port, _):
            address.contains(":") ? "https://[\(address)]:\(port)" : "https://\(address):\(port)"
        }
    }
}
