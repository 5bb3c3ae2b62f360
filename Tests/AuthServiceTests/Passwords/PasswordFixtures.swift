import Shared
import Synchronization

@testable import AuthService

extension PasswordHasher {
    /// bcrypt of that cost; 4 is the cheapest that there is.
    init(cost: Int) { self.init(PasswordForm(.bcrypt, cost: cost)) }
}

/// Remembers what it was told.
final class Recorder<Value: Sendable>: Sendable {
    private let list = Mutex<[Value]>([])

    var all: [Value] { list.withLock { $0 } }

    @Sendable func record(_ value: Value) { list.withLock { $0.append(value) } }
}

extension PasswordService {
    /// With clock and limits by hand.
    init(
        store: AccountStore, hasher: PasswordHasher = PasswordHasher(cost: 4), limits: LoginLimits? = nil,
        pool: HashingPool? = nil, hidesUnknownUsers: Bool = true, now: @escaping @Sendable () -> Int64 = { 0 },
        notify: @escaping @Sendable (Notice) -> Void = { _ in }
    ) throws {
        self.init(
            authenticator: Authenticator(
                store: store, hasher: hasher, limiter: try limits.map { try LoginLimiter(store: store, limits: $0) },
                hidesUnknownUsers: hidesUnknownUsers),
            pool: try pool ?? HashingPool(workers: 1, queue: 64), counters: PasswordCounters(), now: now,
            notify: notify)
    }
}
