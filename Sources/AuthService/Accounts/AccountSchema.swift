import GRDB

/// The tables, one migration a change. A migration that was released is never edited.
enum AccountSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-users") { database in
            // AUTOINCREMENT: an id is never given twice, for a token may outlive its account.
            try database.execute(
                sql: """
                    CREATE TABLE users (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        username TEXT NOT NULL UNIQUE,
                        name TEXT NOT NULL,
                        location TEXT NOT NULL,
                        password_hash TEXT NOT NULL
                    ) STRICT
                    """)
        }
        migrator.registerMigration("2-revocations") { database in
            // AUTOINCREMENT: who watches asks for the numbers above the last one seen.
            try database.execute(
                sql: """
                    CREATE TABLE revocations (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL,
                        value TEXT NOT NULL,
                        made INTEGER NOT NULL,
                        expires INTEGER,
                        user TEXT,
                        UNIQUE (kind, value)
                    ) STRICT
                    """)
        }
        registerLoginLimits(in: &migrator)
        SessionSchema.register(in: &migrator)
        return migrator
    }
}
