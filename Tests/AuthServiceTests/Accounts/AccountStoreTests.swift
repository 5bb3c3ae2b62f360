import Testing

@testable import AuthService

@Suite("Account store")
struct AccountStoreTests {
    private let folder = try? TemporaryFolder()

    private func path() throws -> String { try #require(folder).file("auth.db") }

    private func open(seed: AccountSeed = .none) throws -> AccountStore { try AccountStore(path: path(), seed: seed) }

    private func add(_ username: String, to store: AccountStore, hash: String = "h") throws -> Account {
        try store.add(NewAccount(username: username, name: "N", location: "L"), passwordHash: hash)
    }

    /// Why opening the store fails.
    private func refusal(pageLimit: Int? = nil) throws -> AccountStoreError? {
        let path = try path()
        do throws(AccountStoreError) {
            _ = try AccountStore(path: path, pageLimit: pageLimit)
            return nil
        } catch {
            return error
        }
    }

    @Test("the seed is the tutorial's three users with its password")
    func tutorialSeed() throws {
        let store = try open(seed: .tutorial)
        #expect(
            try store.accounts() == [
                Account(id: 1, username: "bob", name: "Bob", location: "USA"),
                Account(id: 2, username: "alice", name: "Alice", location: "Sweden"),
                Account(id: 3, username: "john", name: "John", location: "France"),
            ])
        let credentials = try #require(try store.credentials(of: "alice"))
        #expect(PasswordHasher(cost: 4).matches("password", hash: credentials.passwordHash))
    }

    @Test("a store is seeded once: not again after every user was removed, and not when it was begun without a seed")
    func seedOnce() throws {
        do {
            let store = try open(seed: .tutorial)
            for user in ["bob", "alice", "john"] { try store.remove(user) }
        }
        #expect(try open(seed: .tutorial).accounts().isEmpty)
    }

    @Test("without a seed a store is empty, and a seed finds its way into an empty one later")
    func noSeed() throws {
        #expect(try open().accounts().isEmpty)
        #expect(try open(seed: .tutorial).accounts().count == 3)
    }

    @Test("a seed does not come into a store that has accounts")
    func seedBesideAccounts() throws {
        _ = try add("carol", to: open())
        #expect(try open(seed: .tutorial).accounts().map(\.username) == ["carol"])
    }

    @Test("accounts outlive the process")
    func persistence() throws {
        let carol = try add("carol", to: open(), hash: "hash")
        let credentials = try #require(try open().credentials(of: "carol"))
        #expect(credentials.account == carol)
        #expect(credentials.passwordHash == "hash")
    }

    @Test("usernames are compared byte for byte")
    func usernames() throws {
        let store = try open(seed: .tutorial)
        for name in ["Bob", "bob ", "", "b\u{f6}b", "bob\0", "' OR 1=1 --", "%", "bob' --"] {
            #expect(try store.credentials(of: name) == nil, "\(name)")
        }
        #expect(throws: AccountStoreError.usernameTaken("bob")) { try add("bob", to: store) }
        #expect(try add("Bob", to: store).id == 4)
    }

    @Test(
        "a username without letters, with control characters, or too long is refused",
        arguments: ["", "a\nb", "a\0", "\u{7f}", "\u{85}", String(repeating: "a", count: 257)])
    func invalidUsernames(name: String) {
        #expect(throws: AccountStoreError.invalidUsername) { try NewAccount(username: name, name: "", location: "") }
    }

    @Test("an id is never given twice")
    func identifiers() throws {
        let store = try open(seed: .tutorial)
        #expect(try add("carol", to: store).id == 4)
        try store.remove("carol")
        #expect(try add("dave", to: store).id == 5)
    }

    @Test("a password is set, a user removed, and one that does not exist is named")
    func changes() throws {
        let store = try open(seed: .tutorial)
        try store.setPasswordHash("new", of: "bob")
        #expect(try store.credentials(of: "bob")?.passwordHash == "new")
        try store.remove("bob")
        #expect(try store.credentials(of: "bob") == nil)
        #expect(throws: AccountStoreError.noSuchUser("bob")) { try store.remove("bob") }
        #expect(throws: AccountStoreError.noSuchUser("bob")) { try store.setPasswordHash("x", of: "bob") }
    }

    @Test("two programs may use one store")
    func twoPrograms() throws {
        let service = try open(seed: .tutorial)
        let command = try open()
        _ = try add("carol", to: command)
        #expect(try service.credentials(of: "carol") != nil)
    }

    @Test("only the owner can read the store and its log")
    func modes() throws {
        let store = try open(seed: .tutorial)
        _ = try add("carol", to: store)
        let folder = try #require(folder)
        #expect(try folder.names() == ["auth.db", "auth.db-shm", "auth.db-wal"])
        for name in try folder.names() { #expect(try folder.mode(of: name) == 0o600, "\(name)") }
    }

    @Test("others' rights are taken from a store that is there")
    func tightening() throws {
        let folder = try #require(folder)
        try folder.write("", to: "auth.db", mode: 0o644)
        _ = try open()
        #expect(try folder.mode(of: "auth.db") == 0o600)
    }

    @Test("a folder that does not exist is named with the mend")
    func noFolder() throws {
        let path = try path() + "/x/auth.db"
        #expect(throws: AccountStoreError.noFolder(path: path)) { try AccountStore(path: path) }
        #expect("\(AccountStoreError.noFolder(path: path))".contains("Create it"))
    }

    @Test("a file that is no database is left as it is")
    func notADatabase() throws {
        let text = String(repeating: "this is a letter to my aunt\n", count: 100)
        try #require(folder).write(text, to: "auth.db")
        #expect(try refusal() == .notADatabase(path: path()))
    }

    @Test("a corrupt store is said to be corrupt")
    func corrupt() throws {
        let folder = try #require(folder)
        do { _ = try open(seed: .tutorial) }
        let path = try path()
        try FileTools.overwrite(path, from: 100, with: 0xff)
        #expect(try refusal() == .corrupt(path: path))
        _ = folder
    }

    @Test("a full disk is said to be full, and the store stays readable")
    func full() throws {
        let path = try path()
        _ = try AccountStore(path: path, seed: .tutorial)
        let store = try AccountStore(path: path, pageLimit: 64)
        #expect(throws: AccountStoreError.full(path: path)) {
            for number in 0..<1000 {
                _ = try add("user-\(number)", to: store, hash: String(repeating: "x", count: 500))
            }
        }
        #expect(try store.credentials(of: "bob") != nil)
    }

    @Test("a store of a newer version is refused and not changed")
    func newerSchema() throws {
        do { _ = try open(seed: .tutorial) }
        try FileTools.execute("INSERT INTO grdb_migrations VALUES ('99-from-the-future')", on: path())
        #expect(try refusal() == .newerSchema(path: path()))
    }
}
