import Shared

/// What an operator revokes. Each method returns what is to be told of it.
struct RevocationAdministration {
    let store: AccountStore
    /// Seconds for which a revocation is kept whose tokens' end is not known.
    let keep: Int64
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
        // Nobody knows how long what a key signs is good: that is for good.
        try revoke(Revocation(kind, value, made: now, expires: kind == .key ? nil : now + keep))
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
        try revoke(revocation)
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
        try revoke(Revocation(.user, "\(account.id)", made: now, expires: now + keep))
        return "revoked the tokens of \(LogText.quoted(username, limit: 256)) (id \(account.id))\n"
    }

    private func revoke(_ revocation: Revocation) throws(CommandFailure) {
        do throws(AccountStoreError) {
            try store.revoke(revocation)
        } catch {
            throw CommandFailure(account: error)
        }
    }

    /// A line a revocation: what is revoked, when, and until when that is kept; or all that as JSON.
    func list(asJSON: Bool) throws(CommandFailure) -> String {
        let found: [Revocation]
        do throws(AccountStoreError) {
            found = try store.revocations(after: 0, now: now).new
        } catch {
            throw CommandFailure(account: error)
        }
        guard asJSON else {
            return ListTable.text(
                ["WHAT", "VALUE", "USER", "REVOKED", "KEPT UNTIL"],
                found.map { revocation in
                    [
                        revocation.kind.rawValue, revocation.value, revocation.user ?? "-",
                        ListTable.time(revocation.made), revocation.expires.map(ListTable.time) ?? "for good",
                    ]
                })
        }
        return ListTable.json { list in
            for revocation in found {
                list.object { object in
                    object.member("kind", revocation.kind.rawValue)
                    object.member("value", revocation.value)
                    if let user = revocation.user { object.member("user", user) }
                    object.member("revoked", revocation.made)
                    if let expires = revocation.expires { object.member("expires", expires) }
                }
            }
        }
    }
}
