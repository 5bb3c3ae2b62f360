import GRDB
import Shared

/// The accounts, in a SQLite file that only its owner can read. Every call blocks on the disk: call it on the
/// `HashingPool` or in a command. A program may use the file while another does (write-ahead log, waiting for locks).
final class AccountStore: Sendable {
    /// What a login compares. Its hash goes no further than the comparison.
    struct Credentials: Sendable {
        let account: Account
        let passwordHash: String
    }

    /// Seconds to wait for another program's lock.
    private static let patience = 5.0

    let path: String
    private let database: DatabasePool

    /// Opens the file, which is made with mode 0600 when there is none, and brings its tables up to date.
    ///
    /// - Parameters:
    ///   - seed: accounts to begin with. A store that ever held an account takes none: removed accounts do not come back.
    ///   - pageLimit: SQLite's `max_page_count`, for tests of a full disk.
    init(path: String, seed: AccountSeed = .none, pageLimit: Int? = nil) throws(AccountStoreError) {
        self.path = path
        try AccountStoreFile.prepare(path)
        var configuration = Configuration()
        configuration.label = "accounts"
        configuration.busyMode = .timeout(Self.patience)
        if let pageLimit {
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
        }
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            if try database.read(AccountSchema.migrator.hasBeenSuperseded) {
                throw AccountStoreError.newerSchema(path: path)
            }
            // What was answered stays so when the power fails: a logout, and which refresh token was used.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try AccountSchema.migrator.migrate(database)
            try database.write { try seed.insert(into: $0) }
        } catch {
            throw AccountStoreError(error, path: path)
        }
    }

    /// The account of that name and its hash; nil when there is none.
    func credentials(of username: String) throws(AccountStoreError) -> Credentials? {
        // SQLite's texts end at a NUL when they are bound: "bob\0" would find bob.
        guard !username.utf8.contains(0) else { return nil }
        return try read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM users WHERE username = ?"), arguments: [username]
            )
            .map { Credentials(account: Account($0), passwordHash: $0["password_hash"]) }
        }
    }

    /// All accounts, the oldest first.
    func accounts() throws(AccountStoreError) -> [Account] {
        try read { try Row.fetchAll($0, sql: "SELECT * FROM users ORDER BY id").map(Account.init) }
    }

    /// The account of that number; nil when there is none.
    func account(_ id: Int64) throws(AccountStoreError) -> Account? {
        try read { try Row.fetchOne($0, sql: "SELECT * FROM users WHERE id = ?", arguments: [id]).map(Account.init) }
    }

    func accountCount() throws(AccountStoreError) -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM users") ?? 0 }
    }

    /// - Parameter most: how many accounts there may be then; nil for any number.
    @discardableResult
    func add(
        _ account: NewAccount, passwordHash: String, most: Int? = nil
    ) throws(AccountStoreError) -> Account {
        try write { database in
            if let most, try Int.fetchOne(database, sql: "SELECT count(*) FROM users") ?? 0 >= most {
                throw AccountStoreError.tooManyAccounts(most: most)
            }
            do {
                try database.execute(
                    sql: "INSERT INTO users (username, name, location, password_hash) VALUES (?, ?, ?, ?)",
                    arguments: [account.username, account.name, account.location, passwordHash])
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                throw AccountStoreError.usernameTaken(account.username)
            }
            return Account(
                id: database.lastInsertedRowID, username: account.username, name: account.name,
                location: account.location)
        }
    }

    func setPasswordHash(_ hash: String, of username: String) throws(AccountStoreError) {
        try write { database in
            try database.execute(
                sql: "UPDATE users SET password_hash = ? WHERE username = ?", arguments: [hash, username])
            guard database.changesCount == 1 else { throw AccountStoreError.noSuchUser(username) }
        }
    }

    /// Puts another hash of the same password in the place of one that is still there; false when it is not: somebody has
    /// set another password, or removed the account.
    func replacePasswordHash(_ old: String, with new: String, of user: Int64) throws(AccountStoreError) -> Bool {
        try write { database in
            try database.execute(
                sql: "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?",
                arguments: [new, user, old])
            return database.changesCount == 1
        }
    }

    /// Removes the account. Its tokens are another matter: see `revoke`.
    func remove(_ username: String) throws(AccountStoreError) {
        try write { database in
            try database.execute(sql: "DELETE FROM users WHERE username = ?", arguments: [username])
            guard database.changesCount == 1 else { throw AccountStoreError.noSuchUser(username) }
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(AccountStoreError) -> Value {
        do { return try database.read(body) } catch { throw AccountStoreError(error, path: path) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(AccountStoreError) -> Value {
        do { return try database.write(body) } catch { throw AccountStoreError(error, path: path) }
    }
}

extension Account {
    init(_ row: Row) {
        self.init(id: row["id"], username: row["username"], name: row["name"], location: row["location"])
    }
}
