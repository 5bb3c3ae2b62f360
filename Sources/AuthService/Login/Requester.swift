import Glibc
import Shared

/// Who wants a password checked, and how long they wait.
struct Requester: Sendable, Equatable {
    /// Nil where nobody who is believed said it.
    var address: ClientAddress?
    /// In nanoseconds of the monotonic clock (`postern_monotonic_ns`).
    var deadline = UInt64.max
}

/// Whose word on a client's address is taken: `login.forwarded_from` in `auth.yaml`.
struct ForwardingPolicy: Sendable, Equatable {
    /// User ids, by what the kernel says of the socket's other end.
    let users: Set<UInt32>

    /// The user of this process, under whom `postern up` starts a gateway too, and those in `names`; without any, the
    /// user that the gateway has as a unit, where there is one.
    static func resolve(_ names: [AllowedUser]?, file: String) throws(ConfigurationError) -> ForwardingPolicy {
        let own = geteuid()
        if let named = try AllowedUser.resolve(names) { return ForwardingPolicy(users: named.union([own])) }
        let unit = AllowedUser("postern-gateway", place: ConfigurationPlace(file: file))
        let found = (try? AllowedUser.resolve([unit])) ?? nil
        return ForwardingPolicy(users: (found ?? []).union([own]))
    }

    func requester(of request: ServiceRequest) -> Requester {
        let isBelieved = request.peer.map { users.contains($0.userID) } ?? false
        return Requester(address: isBelieved ? ClientAddress(of: request) : nil, deadline: request.deadline)
    }
}
