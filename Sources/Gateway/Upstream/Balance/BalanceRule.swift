/// `balance` in a service's file: how one of its instances is chosen.
enum BalanceRule: Sendable, Equatable {
    case roundRobin
    case leastRequests
    case ewma
    case hash(Key)

    /// What `hash` goes by. Who has no user, cookie or field goes by the client's address.
    enum Key: Sendable, Equatable {
        case user
        case client
        case cookie([UInt8])
        /// In lower case.
        case header([UInt8])
    }

    /// As it stands in the file.
    var text: String {
        switch self {
        case .roundRobin: "round-robin"
        case .leastRequests: "least-requests"
        case .ewma: "ewma"
        case .hash(.user): "hash on the user"
        case .hash(.client): "hash on the client's address"
        case .hash(.cookie(let name)): "hash on the cookie \(String(decoding: name, as: UTF8.self))"
        case .hash(.header(let name)): "hash on the field \(String(decoding: name, as: UTF8.self))"
        }
    }
}
