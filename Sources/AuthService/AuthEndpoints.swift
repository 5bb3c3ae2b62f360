import CLinux
import Shared

/// All that this service answers, by socket.
struct AuthEndpoints: Sendable {
    /// On the login socket, which the gateway's routes lead to.
    let login: [ServiceEndpoint]
    /// On the verify socket, which the gateway asks itself.
    let verify: [ServiceEndpoint]

    /// The keys that these endpoints use; others can be put in their place.
    let keys: LiveKeys

    let revocations: LiveRevocations

    private let pool: HashingPool

    /// - Parameters:
    ///   - now: seconds since 1970.
    ///   - report: is told why people cannot log in, once for each of them.
    /// - Throws: what keeps the threads for hashing from starting.
    init(
        configuration: AuthConfiguration, keys: KeyRing, store: AccountStore,
        revocations: LiveRevocations = LiveRevocations(),
        now: @escaping @Sendable () -> Int64 = { postern_realtime_s() },
        report: @escaping @Sendable (LoginFault) -> Void
    ) throws(WorkerThread.Failure) {
        let passwords = configuration.passwords
        pool = try HashingPool(workers: passwords.workers, queue: passwords.queue)
        let authenticator = Authenticator(
            store: store, hasher: PasswordHasher(cost: passwords.cost),
            hidesUnknownUsers: configuration.loginErrors == .uniform)
        let keys = LiveKeys(
            keys, tokenLifetime: configuration.tokenLifetime, rules: configuration.claimRules)
        self.keys = keys
        self.revocations = revocations
        login =
            [
                LoginEndpoint(
                    authenticator: authenticator, pool: pool, keys: keys, errors: configuration.loginErrors, now: now,
                    report: report
                ).endpoint
            ] + PublicKeysEndpoint(keys: keys, maxAge: configuration.publicKeysMaxAge, now: now).endpoints
            + [Self.health]
        verify = [
            VerifyEndpoint(
                keys: keys, revocations: revocations, lifetime: configuration.verdict, now: now
            ).endpoint,
            RevocationsEndpoint(revocations: revocations).endpoint,
            Self.health,
        ]
    }

    /// Refuses the logins that wait, for the end of the process; those under way are finished.
    func shutDown() { pool.shutDown() }

    private static let health = ServiceEndpoint(
        .get, "/healthz", .immediate { _ in .json(Array(#"{"status":"ok"}"#.utf8)) })
}
