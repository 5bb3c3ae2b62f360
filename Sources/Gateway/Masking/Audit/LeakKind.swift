/// What an answer tells of who made it.
enum LeakKind: String, Sendable, CaseIterable {
    /// A service's name.
    case name
    /// A service's IP address, or an address with its port.
    case address
    /// The path of a service's Unix socket.
    case socket
    /// A product, most with its version.
    case banner
    /// A field that describes the server.
    case field
    /// A piece of a stack trace, or another error meant for programmers.
    case trace

    /// Its place among all kinds.
    var index: Int {
        switch self {
        case .name: 0
        case .address: 1
        case .socket: 2
        case .banner: 3
        case .field: 4
        case .trace: 5
        }
    }
}
