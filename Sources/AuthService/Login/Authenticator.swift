/// Says whether a username and a password belong together. Blocks on the disk and hashes: call it on the `HashingPool`.
struct Authenticator: Sendable {
    enum Outcome: Sendable, Equatable {
        /// `staleHash`: the account's hash where it should be made anew.
        case authenticated(Account, staleHash: String?)
        case unknownUser
        /// Without a usable hash no password is right: the store has one of a form that nobody here knows.
        case wrongPassword(hasUsableHash: Bool)
        /// Milliseconds until the next attempt may be made; nothing was compared.
        case limited(LoginLimiter.Subject, wait: Int64, isKnown: Bool)
        case storeFailed(AccountStoreError)
    }

    let store: AccountStore
    let hasher: PasswordHasher
    /// Nil for no limits.
    let limiter: LoginLimiter?
    /// Whether an unknown user takes as long as a wrong password.
    let hidesUnknownUsers: Bool

    /// - Parameter now: milliseconds since 1970; asked before and after the hash.
    func authenticate(
        username: String, password: String, address: ClientAddress?, now: () -> Int64
    ) -> Outcome {
        do throws(AccountStoreError) {
            let found = try store.credentials(of: username)
            var attempt: LoginLimiter.Attempt?
            if let limiter {
                switch try limiter.admit(username, found?.account, from: address, now: now()) {
                case .admitted(let admitted): attempt = admitted
                case .limited(let subject, let wait):
                    return .limited(subject, wait: wait, isKnown: found != nil)
                }
            }
            let outcome = compare(found, password)
            if let limiter, let attempt {
                // The wait begins when the answer is known, however long the hash took.
                if case .authenticated(let account, _) = outcome {
                    // What cannot be written then keeps nobody out.
                    try? limiter.succeeded(attempt, account, now: now())
                } else {
                    try limiter.failed(attempt, now: now())
                }
            }
            return outcome
        } catch {
            return .storeFailed(error)
        }
    }

    private func compare(_ found: AccountStore.Credentials?, _ password: String) -> Outcome {
        guard let found else {
            if hidesUnknownUsers { hasher.spendTime(on: password) }
            return .unknownUser
        }
        guard hasher.matches(password, hash: found.passwordHash) else {
            return .wrongPassword(hasUsableHash: PasswordForm(hash: found.passwordHash) != nil)
        }
        let isStale = hasher.shouldReplace(found.passwordHash, of: password)
        return .authenticated(found.account, staleHash: isStale ? found.passwordHash : nil)
    }

    /// Makes the account's hash anew; false when the password has been changed since, or cannot be hashed.
    func replaceHash(_ old: String, of account: Account, _ password: String) throws(AccountStoreError) -> Bool {
        guard let new = try? hasher.hash(password) else { return false }
        return try store.replacePasswordHash(old, with: new, of: account.id)
    }
}
