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
    let issuers: Issuers

    /// Checks passwords, for all endpoints that ask for one.
    let passwords: PasswordService

    let sessions: SessionEndpoints

    /// - Parameters:
    ///   - forwarding: whose word on a client's address is taken.
    ///   - announce: brings what was revoked in the store to `revocations`.
    ///   - now: seconds since 1970.
    ///   - notify: is told what the operator should know of logins, once for each of them.
    /// - Throws: `WorkerThread.Failure` where the threads for hashing do not start, `AccountStoreError`.
    init(
        configuration: AuthConfiguration, keys: KeyRing, store: AccountStore,
        revocations: LiveRevocations = LiveRevocations(), issuers: Issuers = .none,
        forwarding: ForwardingPolicy = ForwardingPolicy(users: []),
        announce: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Int64 = { postern_realtime_s() },
        notify: @escaping @Sendable (PasswordService.Notice) -> Void,
        reused: @escaping @Sendable (SessionReuse) -> Void = { _ in }
    ) throws {
        let passwords = try PasswordService(configuration, store: store, notify: notify)
        self.passwords = passwords
        let keys = LiveKeys(
            keys, tokenLifetime: configuration.tokenLifetime, rules: configuration.claimRules)
        self.keys = keys
        self.revocations = revocations
        self.issuers = issuers
        sessions = SessionEndpoints(
            configuration, store: store,
            queue: try StoreQueue(announce: announce, report: { notify(.fault($0)) }), passwords: passwords,
            forwarding: forwarding, keys: keys, revocations: revocations, now: now, reused: reused)
        login =
            [
                LoginEndpoint(
                    passwords: passwords, forwarding: forwarding, keys: keys, errors: configuration.logins.errors,
                    sessions: sessions.keeper, now: now
                ).endpoint
            ] + sessions.endpoints
            + PublicKeysEndpoint(keys: keys, maxAge: configuration.publicKeysMaxAge, now: now).endpoints
            + [Self.health]
        verify = [
            VerifyEndpoint(
                keys: keys, revocations: revocations, lifetime: configuration.verdict, issuers: issuers,
                ownName: configuration.claimRules.issuer, ownCookies: Self.cookies(configuration), now: now
            ).endpoint,
            RevocationsEndpoint(revocations: revocations).endpoint,
            Self.health,
        ]
    }

    /// The cookies that a login of ours sets for the token.
    private static func cookies(_ configuration: AuthConfiguration) -> [CookieName] {
        [configuration.sessions?.cookies?.access].compactMap { $0 }.compactMap { CookieName($0) }
    }

    /// Refuses the logins that wait, for the end of the process; those under way are finished.
    func shutDown() {
        passwords.pool.shutDown()
        sessions.shutDown()
    }

    private static let health = ServiceEndpoint(
        .get, "/healthz", .immediate { _ in .json(Array(#"{"status":"ok"}"#.utf8)) })
}
