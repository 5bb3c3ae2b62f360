import Shared

/// Sessions for the endpoints: the store's transactions on a thread that may wait, what they revoke in force before
/// anybody is answered, and what is to be told of them.
struct SessionKeeper: Sendable {
    let store: AccountStore
    let queue: StoreQueue
    let keys: LiveKeys
    let revocations: LiveRevocations
    let rules: SessionRules
    let cookies: SessionCookies?
    /// Seconds for which the revocation of a user's tokens is kept.
    let keep: Int64
    /// Seconds since 1970.
    let now: @Sendable () -> Int64
    let counters: SessionCounters
    let report: @Sendable (LoginFault) -> Void
    let log: @Sendable (SessionReuse) -> Void

    /// The tokens of a session, for the client's eyes alone.
    struct Tokens: Sendable {
        let session: Session
        let access: IssuedToken
        let refresh: RefreshToken
        /// Seconds since 1970 when they were made.
        let made: Int64
    }

    enum Refreshing: Sendable {
        case refreshed(Tokens)
        case refused
        case tooSoon
    }

    /// To be asked before a password is compared: who shows one that is replaced meanwhile begins no session.
    func lastRevocation(of username: String) async throws(StoreQueue.Unavailable) -> Int64 {
        try await queue.run { [store] () throws(AccountStoreError) in try store.lastRevocation(of: username) }
    }

    /// A session for somebody who has just shown their password.
    func begin(for account: Account, lastRevocation: Int64) async throws(StoreQueue.Unavailable) -> Tokens {
        let now = now()
        guard let id = Session.newID(), let refresh = RefreshToken.make() else { throw failed(.signing) }
        let new = AccountStore.NewSession(
            id: id, account: account, token: refresh, lastRevocation: lastRevocation)
        let sign = signing(at: now)
        let begun = try await queue.run { [store, rules] () throws(AccountStoreError) in
            try store.begin(new, rules: rules, now: now, sign: sign)
        }
        return try tokens(of: begun, new, now: now)
    }

    func refresh(_ presented: RefreshToken) async throws(StoreQueue.Unavailable) -> Refreshing {
        let now = now()
        guard let next = presented.next() else { throw failed(.signing) }
        let sign = signing(at: now)
        let refresh = try await queue.run { [store, rules] () throws(AccountStoreError) in
            try store.refreshSession(presented, next: next, rules: rules, now: now, sign: sign)
        }
        switch refresh {
        case .refreshed(let session, let access):
            counters.refreshed.count()
            return .refreshed(Tokens(session: session, access: access, refresh: next, made: now))
        case .tooSoon: return .tooSoon
        case .unknown: return .refused
        case .reused(let session):
            counters.reused.count()
            log(SessionReuse(user: session.user, session: session.id))
            return .refused
        case .notSigned(let failure): throw failed(LoginFault(failure))
        }
    }

    /// Sets a new password: all sessions end, and a new one begins.
    func changePassword(of account: Account, hash: String) async throws(StoreQueue.Unavailable) -> Tokens {
        let now = now()
        guard let id = Session.newID(), let refresh = RefreshToken.make() else { throw failed(.signing) }
        let new = AccountStore.NewSession(id: id, account: account, token: refresh)
        let sign = signing(at: now)
        let begun = try await queue.run { [store, rules, keep] () throws(AccountStoreError) in
            try store.changePassword(hash, keep: keep, beginning: new, rules: rules, now: now, sign: sign)
        }
        return try tokens(of: begun, new, now: now)
    }

    private func tokens(
        of beginning: AccountStore.Beginning, _ new: AccountStore.NewSession, now: Int64
    ) throws(StoreQueue.Unavailable) -> Tokens {
        switch beginning {
        case .notSigned(let failure): throw failed(LoginFault(failure))
        case .overtaken: throw StoreQueue.Unavailable()
        case .begun(let session, let access, let displaced):
            counters.begun.count()
            counters.displaced.count(displaced)
            return Tokens(session: session, access: access, refresh: new.token, made: now)
        }
    }

    private func signing(at now: Int64) -> AccountStore.Signing {
        let issuer = keys.current.issuer
        return { account, session in
            Result { () throws(TokenIssuer.Failure) in try issuer.issue(to: account, session: session, now: now) }
        }
    }

    private func failed(_ fault: LoginFault) -> StoreQueue.Unavailable {
        report(fault)
        return StoreQueue.Unavailable()
    }
}

extension LoginFault {
    init(_ failure: TokenIssuer.Failure) { self = failure == .noKey ? .noKey : .signing }
}
