import CLinux
import Shared
import Synchronization

/// All that sessions add to the login socket, as `auth.yaml` has it: nothing where they are off.
struct SessionEndpoints: Sendable {
    let endpoints: [ServiceEndpoint]
    /// Nil where a login begins no session.
    let keeper: SessionKeeper?
    let counters: SessionCounters

    private let store: AccountStore
    private let queue: StoreQueue
    private let nextTidying: TidyingTime
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - reused: is told of each session that was ended because its token was used twice.
    init(
        _ configuration: AuthConfiguration, store: AccountStore, queue: StoreQueue, passwords: PasswordService,
        forwarding: ForwardingPolicy, keys: LiveKeys, revocations: LiveRevocations,
        now: @escaping @Sendable () -> Int64, reused: @escaping @Sendable (SessionReuse) -> Void
    ) {
        let counters = SessionCounters()
        let keeper = configuration.sessions.map { sessions in
            SessionKeeper(
                store: store, queue: queue, keys: keys, revocations: revocations, rules: sessions.rules,
                cookies: sessions.cookies, keep: configuration.revocationKeep, now: now, counters: counters,
                report: { passwords.notify(.fault($0)) }, log: reused)
        }
        var endpoints: [ServiceEndpoint] = []
        if let keeper {
            endpoints += [
                RefreshEndpoint(keeper: keeper).endpoint, LogoutEndpoint(keeper: keeper).endpoint,
                SessionEndpoint(keeper: keeper).endpoint,
                PasswordEndpoint(keeper: keeper, passwords: passwords, forwarding: forwarding).endpoint,
            ]
        }
        if configuration.accounts.signUp {
            endpoints.append(
                SignUpEndpoint(
                    store: store, queue: queue, passwords: passwords, forwarding: forwarding,
                    accounts: configuration.accounts, counters: counters, now: now
                ).endpoint)
        }
        self.endpoints = endpoints
        self.keeper = keeper
        self.counters = counters
        self.store = store
        self.queue = queue
        self.now = now
        nextTidying = TidyingTime()
    }

    /// Removes sessions and revocations whose time is over, a bounded number at a time, when it is time for that again.
    /// Does not wait.
    @Sendable func tidy() {
        guard nextTidying.take(now: postern_monotonic_ns()) else { return }
        Task {
            let (store, now) = (store, now())
            // What cannot be removed now is there the next time; the store's own failures were reported.
            let isMore = try? await queue.run { () throws(AccountStoreError) in try store.removeExpired(now: now) }
            if isMore == true { nextTidying.hurry() }
        }
    }

    @Sendable func count(in tally: inout Tally) { counters.add(to: &tally) }

    /// Refuses what waits, for the end of the process.
    func shutDown() { queue.shutDown() }
}

/// When it is time to remove what no longer counts.
private final class TidyingTime: Sendable {
    private static let pause: UInt64 = 60_000_000_000

    /// On a clock that only goes forward, in nanoseconds.
    private let next = Atomic<UInt64>(0)

    /// Whether it is time; it is the next time a minute later then.
    func take(now: UInt64) -> Bool {
        guard now >= next.load(ordering: .relaxed) else { return false }
        next.store(now + Self.pause, ordering: .relaxed)
        return true
    }

    /// It is time again at once.
    func hurry() { next.store(0, ordering: .relaxed) }
}

extension SessionKeeper {
    /// The answer to a login: the tokens of a new session, in cookies where there are some and the client does not say
    /// `"cookie":false`.
    func login(_ account: Account, _ body: [UInt8], lastRevocation: Int64) async -> ServiceResponse {
        do throws(StoreQueue.Unavailable) {
            let tokens = try await begin(for: account, lastRevocation: lastRevocation)
            return SessionAnswers.tokens(tokens, cookies: Self.wantsCookies(body) ? cookies : nil)
        } catch {
            return SessionAnswers.unavailable
        }
    }

    /// Refuses another site's page that would log somebody in here.
    func loginRefusal(of request: ServiceRequest) -> ServiceResponse? {
        guard cookies != nil, Self.wantsCookies(request.body) else { return nil }
        return refusal(of: request)
    }

    private static func wantsCookies(_ body: [UInt8]) -> Bool {
        if case .bool(false)? = (try? StrictJSON.parse(body))?.object?["cookie"] { false } else { true }
    }
}
