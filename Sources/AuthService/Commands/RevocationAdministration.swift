import Shared

/// What an operator revokes. Each method returns what is to be told of it.
struct RevocationAdministration {
    let store: AccountStore
    /// Seconds since 1970.
    let now: Int64

    /// - Returns: nil when nothing is named: a token is meant.
    func revokeNamed(_ what: RevocationArguments) throws(CommandFailure) -> String? {
        if let username = what.user { return try revokeUser(username) }
        let named: [(Revocation.Kind, String?, String)] = [
            (.user, what.subject, "the tokens about"), (.session, what.session, "the tokens of the session"),
            (.id, what.id, "the token"), (.key, what.key, "the tokens of the key"),
        ]
        guard let (kind, value, words) = named.first(where: { $0.1 != nil }), let value else { return nil }
        try keep(Revocation(kind, value, made: now))
        return "revoked \(words) \(LogText.quoted(value, limit: 256))\n"
    }

    /// - Parameter token: as it stands after `Bearer`.
    func revoke(token: [UInt8], judge: TokenJudge) throws(CommandFailure) -> String {
        let verified: VerifiedToken
        switch judge.judge(token[...], from: nil, now: now) {
        case .good(let token): verified = token
        case .refused(let error):
            throw CommandFailure(
                "this token is not good as it is: \(error)", mend: "See `postern token inspect`", status: .dataError)
        case .unknown:
            throw CommandFailure(
                "the keys of this token's issuer are not to be had", mend: "Revoke its session or its user by name",
                status: .unavailable)
        }
        guard let revocation = Revocation(of: verified, now: now) else {
            throw CommandFailure("libcrypto has no memory", status: .systemError)
        }
        try keep(revocation)
        return "revoked the token\n"
    }

    private func revokeUser(_ username: String) throws(CommandFailure) -> String {
        let account: Account
        do throws(AccountStoreError) {
            guard let found = try store.credentials(of: username)?.account else { throw .noSuchUser(username) }
            account = found
        } catch {
            throw CommandFailure(account: error)
        }
        try keep(Revocation(.user, "\(account.id)", made: now))
        return "revoked the tokens of \(LogText.quoted(username, limit: 256)) (id \(account.id))\n"
    }

    private func keep(_ revocation: Revocation) throws(CommandFailure) {
        do throws(AccountStoreError) {
            try store.revoke(revocation)
        } catch {
            throw CommandFailure(account: error)
        }
    }
}
