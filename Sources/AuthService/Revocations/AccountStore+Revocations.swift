import GRDB

extension AccountStore {
    /// The revocations with a number above `last`, whose tokens have not all expired by `now`, the oldest first; and the
    /// highest number that there is.
    func revocations(after last: Int64, now: Int64) throws(AccountStoreError) -> (new: [Revocation], last: Int64) {
        try read { database in
            let sql = "SELECT * FROM revocations WHERE id > ? AND (expires IS NULL OR expires > ?) ORDER BY id"
            let rows = try Row.fetchAll(database, sql: sql, arguments: [last, now])
            let new = rows.compactMap { row in
                Revocation.Kind(rawValue: row["kind"]).map {
                    Revocation($0, row["value"], made: row["made"], expires: row["expires"], user: row["user"])
                }
            }
            return (new, rows.last?["id"] ?? last)
        }
    }

    /// Keeps the revocation until what it is about has expired, and drops those that have. A later one of the same takes
    /// the place of the earlier one.
    func revoke(_ revocation: Revocation) throws(AccountStoreError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM revocations WHERE expires IS NOT NULL AND expires <= ?", arguments: [revocation.made])
            // A new number, by which those who watch find it.
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO revocations (kind, value, made, expires, user) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    revocation.kind.rawValue, revocation.value, revocation.made, revocation.expires, revocation.user,
                ])
        }
    }
}
