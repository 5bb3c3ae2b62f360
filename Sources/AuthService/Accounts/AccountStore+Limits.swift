import FoundationEssentials
import GRDB

extension AccountSchema {
    /// The tables of `login.limits`. Times are milliseconds since 1970.
    static func registerLoginLimits(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("3-login-limits") { database in
            try database.execute(
                sql: """
                    CREATE TABLE login_failures (
                        key BLOB NOT NULL PRIMARY KEY,
                        forgotten INTEGER NOT NULL,
                        blocked INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX login_failures_by_time ON login_failures (forgotten);
                    CREATE TABLE login_origins (
                        user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                        key BLOB NOT NULL,
                        seen INTEGER NOT NULL,
                        PRIMARY KEY (user, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE secrets (
                        name TEXT NOT NULL PRIMARY KEY,
                        value BLOB NOT NULL
                    ) STRICT, WITHOUT ROWID
                    """)
        }
    }
}

extension AccountStore {
    /// Counts of failures that are kept at once; beyond it those are dropped that would be forgotten first.
    static let failureLimit = 65_536
    /// Networks that are remembered of one account.
    static let originLimit = 16

    /// A secret of this store's own: what `make` gives when there is none yet.
    func secret(named name: String, make: () -> [UInt8]?) throws(AccountStoreError) -> [UInt8] {
        try write { database in
            let sql = "SELECT value FROM secrets WHERE name = ?"
            if let value = try Data.fetchOne(database, sql: sql, arguments: [name]) { return Array(value) }
            guard let value = make() else {
                throw AccountStoreError.failed(path: path, reason: "libcrypto has no entropy")
            }
            try database.execute(
                sql: "INSERT INTO secrets (name, value) VALUES (?, ?)", arguments: [name, Data(value)])
            return value
        }
    }

    func failures(_ key: [UInt8]) throws(AccountStoreError) -> FailureCount? {
        try read { try Self.failures(key, in: $0) }
    }

    /// Puts what `change` makes of the count in its place.
    func updateFailures(
        _ key: [UInt8], now: Int64, limit: Int = failureLimit, _ change: (FailureCount?) -> FailureCount
    ) throws(AccountStoreError) {
        try write { database in
            let known = try Self.failures(key, in: database)
            let count = change(known)
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO login_failures VALUES (?, ?, ?)")
                .execute(arguments: [Data(key), count.forgotten, count.blocked])
            // Now and then: who is forgotten costs room alone.
            if known == nil, key.first.map({ $0 % 64 == 0 }) ?? true { try Self.prune(limit, now: now, in: database) }
        }
    }

    func forgetFailures(_ key: [UInt8]) throws(AccountStoreError) {
        try write { try $0.execute(sql: "DELETE FROM login_failures WHERE key = ?", arguments: [Data(key)]) }
    }

    /// Forgets what failed at the account from networks that its owner has logged in from.
    func forgetFailuresAtOrigins(of username: String) throws(AccountStoreError) {
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM login_failures WHERE key IN (
                        SELECT key FROM login_origins WHERE user = (SELECT id FROM users WHERE username = ?))
                    """, arguments: [username])
        }
    }

    /// Whether the owner of the account has logged in from there since that time.
    func isOrigin(_ key: [UInt8], of user: Int64, since time: Int64) throws(AccountStoreError) -> Bool {
        try read { database in
            let sql = "SELECT EXISTS (SELECT 1 FROM login_origins WHERE user = ? AND key = ? AND seen > ?)"
            return try Bool.fetchOne(database.cachedStatement(sql: sql), arguments: [user, Data(key), time]) ?? false
        }
    }

    /// Notes that the owner of the account has logged in from there, and forgets the places that are the longest ago.
    func noteOrigin(_ key: [UInt8], of user: Int64, now: Int64, lifetime: Int64) throws(AccountStoreError) {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO login_origins VALUES (?, ?, ?)", arguments: [user, Data(key), now])
            try database.execute(
                sql: """
                    DELETE FROM login_origins WHERE user = ? AND (seen <= ? OR key NOT IN (
                        SELECT key FROM login_origins WHERE user = ? ORDER BY seen DESC LIMIT ?))
                    """,
                arguments: [user, now - lifetime, user, Self.originLimit])
        }
    }

    /// The places of an account from which its owner has logged in, for when its password is another one.
    func forgetOrigins(of username: String) throws(AccountStoreError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM login_origins WHERE user = (SELECT id FROM users WHERE username = ?)",
                arguments: [username])
        }
    }

    private static func failures(_ key: [UInt8], in database: Database) throws -> FailureCount? {
        let sql = "SELECT forgotten, blocked FROM login_failures WHERE key = ?"
        return try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [Data(key)]).map {
            FailureCount(forgotten: $0["forgotten"], blocked: $0["blocked"])
        }
    }

    private static func prune(_ limit: Int, now: Int64, in database: Database) throws {
        try database.execute(sql: "DELETE FROM login_failures WHERE forgotten <= ?", arguments: [now])
        let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM login_failures") ?? 0
        guard count > limit else { return }
        try database.execute(
            sql: """
                DELETE FROM login_failures WHERE key IN (
                    SELECT key FROM login_failures ORDER BY forgotten LIMIT ?)
                """, arguments: [count - limit])
    }
}
