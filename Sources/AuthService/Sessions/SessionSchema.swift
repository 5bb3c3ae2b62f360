import GRDB

/// The table of sessions. A session that has ended is not in it.
enum SessionSchema {
    static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("sessions") { database in
            try database.execute(
                sql: """
                    CREATE TABLE sessions (
                        id TEXT PRIMARY KEY,
                        user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                        family BLOB NOT NULL UNIQUE,
                        token BLOB NOT NULL,
                        previous BLOB,
                        begun INTEGER NOT NULL,
                        used INTEGER NOT NULL,
                        expires INTEGER NOT NULL,
                        ends INTEGER NOT NULL,
                        tokens_end INTEGER NOT NULL
                    ) STRICT;
                    CREATE INDEX sessions_by_user ON sessions (user, used);
                    CREATE INDEX sessions_by_expiry ON sessions (expires);
                    CREATE INDEX revocations_by_expiry ON revocations (expires) WHERE expires IS NOT NULL;
                    """)
        }
    }
}
