import FoundationEssentials
import GRDB

extension AccountStore {
    /// What became of a new session.
    enum Beginning: Sendable {
        /// `displaced`: the number of sessions that it ended, because there were too many.
        case begun(Session, IssuedToken, displaced: Int)
        /// Nothing has changed.
        case notSigned(TokenIssuer.Failure)
        /// The user's password was changed, or the tokens were revoked, since the password was asked for.
        case overtaken
    }

    /// A session that is to begin.
    struct NewSession: Sendable {
        /// See `Session.newID()`.
        let id: String
        let account: Account
        let token: RefreshToken
        /// What `lastRevocation` said before the password was compared.
        var lastRevocation = Int64.max
    }

    /// The number of the last revocation of all of that user's tokens; 0 for none, and for nobody.
    func lastRevocation(of username: String) throws(AccountStoreError) -> Int64 {
        guard !username.utf8.contains(0) else { return 0 }
        return try read { database in
            let sql = """
                SELECT max(revocations.id) FROM users
                JOIN revocations ON kind = 'user' AND value = CAST(users.id AS TEXT) WHERE username = ?
                """
            return try Int64.fetchOne(database.cachedStatement(sql: sql), arguments: [username]) ?? 0
        }
    }

    /// A session for somebody who has just logged in.
    func begin(
        _ new: NewSession, rules: SessionRules, now: Int64, sign: Signing
    ) throws(AccountStoreError) -> Beginning {
        try write { database in
            let sql = "SELECT EXISTS (SELECT * FROM revocations WHERE kind = 'user' AND value = ? AND id > ?)"
            if try Bool.fetchOne(database, sql: sql, arguments: ["\(new.account.id)", new.lastRevocation]) == true {
                return .overtaken
            }
            switch Self.prepare(new, rules: rules, now: now, sign: sign) {
            case .failure(let failure): return .notSigned(failure)
            case .success(let (session, issued)):
                let displaced = try Self.makeRoom(forUser: session.user, rules: rules, now: now, in: database)
                try Self.insert(session, new.token, in: database)
                return .begun(session, issued, displaced: displaced)
            }
        }
    }

    /// Sets a password, ends all sessions of its user as `endSessions` does, and begins a new one, at once or not at all.
    func changePassword(
        _ hash: String, keep: Int64, beginning new: NewSession, rules: SessionRules, now: Int64, sign: Signing
    ) throws(AccountStoreError) -> Beginning {
        try write { database in
            switch Self.prepare(new, rules: rules, now: now, sign: sign) {
            case .failure(let failure): return .notSigned(failure)
            case .success(let (session, issued)):
                try database.execute(
                    sql: "UPDATE users SET password_hash = ? WHERE id = ?", arguments: [hash, session.user])
                guard database.changesCount == 1 else { throw AccountStoreError.noSuchUser(new.account.username) }
                _ = try Self.endAll(ofUser: session.user, keep: keep, now: now, in: database)
                try Self.insert(session, new.token, in: database)
                return .begun(session, issued, displaced: 0)
            }
        }
    }

    private static func prepare(
        _ new: NewSession, rules: SessionRules, now: Int64, sign: Signing
    ) -> Result<(Session, IssuedToken), TokenIssuer.Failure> {
        var session = rules.begin(id: new.id, user: new.account.id, now: now)
        return sign(new.account, session).map { issued in
            session.tokensEnd = max(now, issued.expires)
            return (session, issued)
        }
    }

    private static func insert(_ session: Session, _ token: RefreshToken, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO sessions (id, user, family, token, begun, used, expires, ends, tokens_end)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                session.id, session.user, Data(token.family), Data(token.digest), session.begun, session.used,
                session.expires,
                session.ends, session.tokensEnd,
            ])
    }

    /// Ends those that were not used for longest, until there is room for one more.
    private static func makeRoom(
        forUser user: Int64, rules: SessionRules, now: Int64, in database: Database
    ) throws -> Int {
        let sql = "SELECT * FROM sessions WHERE user = ? ORDER BY used, begun, id"
        let sessions = try Row.fetchAll(database, sql: sql, arguments: [user]).map(Session.init)
        let alive = sessions.filter { !$0.hasExpired(at: now) }
        let surplus = alive.prefix(max(0, alive.count + 1 - rules.perUser))
        try end(sessions.filter { $0.hasExpired(at: now) } + surplus, now: now, in: database)
        return surplus.count
    }
}
