import CLinux
import Shared

/// What an operator does to accounts.
struct AccountAdministration {
    let store: AccountStore
    let hasher: PasswordHasher
    /// Seconds for which it is kept that a user's tokens are revoked.
    let keep: Int64
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    init(
        store: AccountStore, hasher: PasswordHasher, keep: Int64 = RevocationsConfiguration.defaultKeep,
        now: @escaping @Sendable () -> Int64 = { postern_realtime_s() }
    ) {
        self.store = store
        self.hasher = hasher
        self.keep = keep
        self.now = now
    }

    init(_ options: ConfigurationOptions, _ runtime: RuntimeOptions) throws(CommandFailure) {
        try AuthSetup.protectMemory()
        let setup = try AuthSetup(options, runtime)
        self.init(
            store: try setup.store(), hasher: PasswordHasher(setup.configuration.passwords.form),
            keep: setup.configuration.revocationKeep)
    }

    /// - Parameter password: is asked only when the account can be added.
    func add(
        username: String, name: String, location: String, password: () throws(CommandFailure) -> String
    ) throws(CommandFailure) -> Account {
        let account = try accounts { () throws(AccountStoreError) in
            let account = try NewAccount(username: username, name: name, location: location)
            guard try store.credentials(of: username) == nil else { throw .usernameTaken(username) }
            return account
        }
        let hash = try hash(of: password())
        return try accounts { () throws(AccountStoreError) in try store.add(account, passwordHash: hash) }
    }

    /// - Parameter password: is asked only when there is the account.
    func setPassword(
        of username: String, password: () throws(CommandFailure) -> String
    ) throws(CommandFailure) {
        try accounts { () throws(AccountStoreError) in
            if try store.credentials(of: username) == nil { throw .noSuchUser(username) }
        }
        let hash = try hash(of: password())
        try accounts { () throws(AccountStoreError) in
            try store.setPasswordHash(hash, of: username)
            try revokeTokens(of: username)
            // Whoever knew the old password may have logged in from anywhere.
            try LoginLimiter(store: store, limits: LoginLimits()).release(username)
            try store.forgetOrigins(of: username)
        }
    }

    /// Lets the account's next login be tried at once, however many have failed.
    func unlock(_ username: String) throws(CommandFailure) {
        try accounts { () throws(AccountStoreError) in
            if try store.credentials(of: username) == nil { throw .noSuchUser(username) }
            try LoginLimiter(store: store, limits: LoginLimits()).release(username)
        }
    }

    func remove(_ username: String) throws(CommandFailure) {
        try accounts { () throws(AccountStoreError) in
            // First: if it cannot be removed, logging in again is all that it costs.
            try revokeTokens(of: username)
            try store.remove(username)
        }
    }

    /// Whoever had the account up to now, with a token, a session or by guessing the password, has it no longer.
    private func revokeTokens(of username: String) throws(AccountStoreError) {
        guard let account = try store.credentials(of: username)?.account else { return }
        let now = now()
        try store.revoke(Revocation(.user, "\(account.id)", made: now, expires: now + keep))
    }

    /// A line an account: id, username, name, location, in columns.
    func list() throws(CommandFailure) -> String {
        let accounts = try accounts { () throws(AccountStoreError) in try store.accounts() }
        let rows =
            [["ID", "USERNAME", "NAME", "LOCATION"]]
            + accounts.map { [$0.id.description, $0.username, $0.name, $0.location].map { LogText.escaped($0) } }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }.joined() + row[3] + "\n"
        }.joined()
    }

    private func hash(of password: String) throws(CommandFailure) -> String {
        do {
            return try hasher.hash(password)
        } catch {
            throw CommandFailure("\(error)", mend: "Choose another password", status: .dataError)
        }
    }

    private func accounts<Value>(
        _ body: () throws(AccountStoreError) -> Value
    ) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(account: error)
        }
    }
}
