import GRDB

/// The tables, as steps that are applied once each and never edited afterwards: a change is a new step.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 users, posts, comments") { database in
            try database.execute(sql: tables)
        }
        return migrator
    }

    /// An index on a table's column ends with the row's id by itself, so each of these gives its rows in the order of
    /// their ids, and a read with a limit stops there. Column names are the names that the API shows.
    private static let tables = """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            username TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            location TEXT NOT NULL
        ) STRICT;
        CREATE TABLE posts (
            id INTEGER PRIMARY KEY,
            userId INTEGER NOT NULL REFERENCES users (id),
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE comments (
            id INTEGER PRIMARY KEY,
            postId INTEGER NOT NULL REFERENCES posts (id),
            userId INTEGER NOT NULL REFERENCES users (id),
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX postsByUser ON posts (userId);
        CREATE INDEX commentsByPost ON comments (postId);
        CREATE INDEX commentsByPostAndUser ON comments (postId, userId);
        """
}
