/// Says whether a username and a password belong together. Blocks on the disk and hashes: call it on the `HashingPool`.
struct Authenticator: Sendable {
    enum Outcome: Sendable, Equatable {
        case authenticated(Account)
        case unknownUser
        case wrongPassword
        case storeFailed(AccountStoreError)
    }

    let store: AccountStore
    let hasher: PasswordHasher
    /// Whether an unknown user takes as long as a wrong password.
    let hidesUnknownUsers: Bool

    func authenticate(username: String, password: String) -> Outcome {
        let found: AccountStore.Credentials?
        do throws(AccountStoreError) {
            found = try store.credentials(of: username)
        } catch {
            return .storeFailed(error)
        }
        guard let found else {
            if hidesUnknownUsers { hasher.spendTime(on: password) }
            return .unknownUser
        }
        return hasher.matches(password, hash: found.passwordHash) ? .authenticated(found.account) : .wrongPassword
    }
}
