import FoundationEssentials
import GRDB

/// Sessions in the store. Each change is one transaction, with what it revokes: a session is alive or it has ended,
/// whatever happens to the process meanwhile.
extension AccountStore {
    /// The tokens of a session as they are made: the access token may not be to be had.
    typealias Signing = @Sendable (Account, Session) -> Result<IssuedToken, TokenIssuer.Failure>

    /// What became of a refresh.
    enum Refresh: Sendable {
        case refreshed(Session, IssuedToken)
        /// No session knows the token: it has ended, or never was.
        case unknown
        case tooSoon
        /// The session was ended, for its token was used twice.
        case reused(Session)
        /// Nothing has changed.
        case notSigned(TokenIssuer.Failure)
    }

    /// Uses a refresh token: it is good once, and who shows one that is not any more ends its session.
    /// - Parameter next: the token that takes its place.
    func refreshSession(
        _ presented: RefreshToken, next: RefreshToken, rules: SessionRules, now: Int64, sign: Signing
    ) throws(AccountStoreError) -> Refresh {
        try write { database in
            let sql = """
                SELECT sessions.*, users.username, users.name, users.location
                FROM sessions JOIN users ON users.id = sessions.user WHERE family = ?
                """
            guard
                let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [Data(presented.family)])
            else { return .unknown }
            let session = Session(row)
            let token: Data = row["token"]
            let previous: Data? = row["previous"]
            let judgement = rules.judge(
                presented.digest, token: Array(token), previous: previous.map(Array.init), session: session, now: now)
            switch judgement {
            case .expired: return .unknown
            case .tooSoon: return .tooSoon
            case .reused:
                try Self.end([session], now: now, in: database)
                return .reused(session)
            case .good:
                var refreshed = rules.refreshed(session, now: now)
                let account = Account(
                    id: session.user, username: row["username"], name: row["name"], location: row["location"])
                switch sign(account, refreshed) {
                case .failure(let failure): return .notSigned(failure)
                case .success(let issued):
                    refreshed.tokensEnd = max(refreshed.tokensEnd, issued.expires)
                    try database.execute(
                        sql: """
                            UPDATE sessions SET token = ?, previous = ?, used = ?, expires = ?, tokens_end = ? WHERE id = ?
                            """,
                        arguments: [
                            Data(next.digest), token, refreshed.used, refreshed.expires, refreshed.tokensEnd,
                            session.id,
                        ])
                    return .refreshed(refreshed, issued)
                }
            }
        }
    }

    /// The session that a refresh token belongs to, and whether it is the one in force; nil when the session has ended.
    func session(
        of token: RefreshToken, now: Int64
    ) throws(AccountStoreError) -> (session: Session, isInForce: Bool)? {
        try read { database in
            let sql = "SELECT * FROM sessions WHERE family = ? AND expires > ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [Data(token.family), now]) else {
                return nil
            }
            let inForce: Data = row["token"]
            return (Session(row), OpenSSL.areEqual(token.digest, Array(inForce)))
        }
    }

    /// The sessions that are alive, of one user or of all, the one that was used last at the end.
    func sessions(ofUser user: Int64? = nil, now: Int64) throws(AccountStoreError) -> [Session] {
        try read { database in
            let sql = "SELECT * FROM sessions WHERE expires > ?1 AND (?2 IS NULL OR user = ?2) ORDER BY used, begun, id"
            return try Row.fetchAll(database, sql: sql, arguments: [now, user]).map(Session.init)
        }
    }

    /// Ends a session.
    /// - Parameter user: whose it must be; nil for anybody's.
    /// - Returns: the session; nil when there is none alive.
    func endSession(_ id: String, ofUser user: Int64? = nil, now: Int64) throws(AccountStoreError) -> Session? {
        // SQLite's texts end at a NUL when they are bound.
        guard !id.utf8.contains(0) else { return nil }
        return try write { database in
            let sql = "SELECT * FROM sessions WHERE id = ?1 AND (?2 IS NULL OR user = ?2)"
            guard let session = try Row.fetchOne(database, sql: sql, arguments: [id, user]).map(Session.init) else {
                return nil
            }
            try Self.end([session], now: now, in: database)
            return session.hasExpired(at: now) ? nil : session
        }
    }

    /// Ends all sessions of a user, and revokes what tokens there are besides, up to the second before: whoever logs in
    /// next is not refused.
    /// - Parameter keep: seconds for which that is kept, at least the lifetime of tokens.
    /// - Returns: how many were alive.
    func endSessions(ofUser user: Int64, keep: Int64, now: Int64) throws(AccountStoreError) -> Int {
        try write { try Self.endAll(ofUser: user, keep: keep, now: now, in: $0) }
    }
}

extension AccountStore {
    static func endAll(ofUser user: Int64, keep: Int64, now: Int64, in database: Database) throws -> Int {
        let sessions = try Row.fetchAll(database, sql: "SELECT * FROM sessions WHERE user = ?", arguments: [user])
            .map(Session.init)
        try end(sessions, now: now, in: database)
        try Revocation(.user, "\(user)", made: now - 1, expires: now + keep).insert(into: database)
        return sessions.count { !$0.hasExpired(at: now) }
    }

    /// Removes them, and revokes their tokens: the one way in which a session ends before its time.
    static func end(_ sessions: [Session], now: Int64, in database: Database) throws {
        for session in sessions {
            try database.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [session.id])
            try session.revocation(now: now)?.insert(into: database)
        }
    }
}

extension Session {
    init(_ row: Row) {
        self.init(
            id: row["id"], user: row["user"], begun: row["begun"], used: row["used"], expires: row["expires"],
            ends: row["ends"], tokensEnd: row["tokens_end"])
    }
}
