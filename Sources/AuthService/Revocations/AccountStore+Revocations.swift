import GRDB

extension AccountStore {
    /// The revocations with a number above `last`, whose tokens have not all expired by `now`, the oldest first; and the
    /// highest number that there is.
    func revocations(after last: Int64, now: Int64) throws(AccountStoreError) -> (new: [Revocation], last: Int64) {
        try read { database in
            let sql = "SELECT * FROM revocations WHERE id > ? AND (expires IS NULL OR expires > ?) ORDER BY id"
            let rows = try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [last, now])
            return (rows.compactMap(Revocation.init), rows.last?["id"] ?? last)
        }
    }

    /// Keeps the revocation until what it is about has expired. That of a session or a user ends the sessions too, so
    /// that nothing is refreshed.
    func revoke(_ revocation: Revocation) throws(AccountStoreError) {
        try write { database in
            switch revocation.kind {
            case .session:
                let sql = "SELECT * FROM sessions WHERE id = ?"
                if let session = try Row.fetchOne(database, sql: sql, arguments: [revocation.value]).map(Session.init) {
                    // One of ours: when its last token expires is known.
                    return try Self.end([session], now: revocation.made, in: database)
                }
            case .user:
                let sql = "SELECT * FROM sessions WHERE user = ?"
                let sessions = try Int64(revocation.value).map { user in
                    try Row.fetchAll(database, sql: sql, arguments: [user]).map(Session.init)
                }
                try Self.end(sessions ?? [], now: revocation.made, in: database)
            case .token, .id, .key: break
            }
            try revocation.insert(into: database)
        }
    }

    /// Removes sessions and revocations whose time is over, at most `limit` of each.
    /// - Returns: whether there may be more.
    func removeExpired(now: Int64, limit: Int = 500) throws(AccountStoreError) -> Bool {
        try write { database in
            var isMore = false
            for table in ["sessions", "revocations"] {
                try database.execute(
                    sql: """
                        DELETE FROM \(table) WHERE rowid IN (SELECT rowid FROM \(table) WHERE expires <= ? LIMIT ?)
                        """, arguments: [now, limit])
                if database.changesCount >= limit { isMore = true }
            }
            return isMore
        }
    }
}

extension Revocation {
    init?(_ row: Row) {
        guard let kind = Kind(rawValue: row["kind"]) else { return nil }
        self.init(kind, row["value"], made: row["made"], expires: row["expires"], user: row["user"])
    }

    /// Takes the place of an earlier one of the same, and of what that one covers nothing is lost.
    func insert(into database: Database) throws {
        let earlier = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM revocations WHERE kind = ? AND value = ?"),
            arguments: [kind.rawValue, value]
        ).flatMap(Revocation.init)
        let made = max(self.made, earlier?.made ?? self.made)
        var expires = self.expires
        if let earlier, let own = expires { expires = earlier.expires.map { max($0, own) } }
        // A new number, by which those who watch find it.
        try database.execute(
            sql: "INSERT OR REPLACE INTO revocations (kind, value, made, expires, user) VALUES (?, ?, ?, ?, ?)",
            arguments: [kind.rawValue, value, made, expires, user ?? earlier?.user])
    }
}
