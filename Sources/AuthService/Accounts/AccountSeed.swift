import GRDB

/// The accounts that a new store begins with, as `seed` in `auth.yaml` names them.
enum AccountSeed: String, Sendable, CaseIterable {
    case none
    /// The tutorial's three users, whose password everybody knows: `password`.
    case tutorial

    private var users: [(username: String, name: String, location: String)] {
        switch self {
        case .none: []
        case .tutorial: [("bob", "Bob", "USA"), ("alice", "Alice", "Sweden"), ("john", "John", "France")]
        }
    }

    private static let hashOfPassword = "$2y$10$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKSq"

    func insert(into database: Database) throws {
        // SQLite notes here the highest id that was ever given (https://sqlite.org/autoinc.html).
        let sql = "SELECT EXISTS (SELECT * FROM sqlite_sequence WHERE name = 'users')"
        if users.isEmpty { return }
        if try Bool.fetchOne(database, sql: sql) == true { return }
        for user in users {
            try database.execute(
                sql: "INSERT INTO users (username, name, location, password_hash) VALUES (?, ?, ?, ?)",
                arguments: [user.username, user.name, user.location, Self.hashOfPassword])
        }
    }
}
