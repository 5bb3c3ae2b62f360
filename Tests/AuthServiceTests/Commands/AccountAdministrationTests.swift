import Shared
import Testing

@testable import AuthService

@Suite("user add, list, password, remove")
struct AccountAdministrationTests {
    private let folder = try? TemporaryFolder()

    private func administration(seed: AccountSeed = .none) throws -> AccountAdministration {
        AccountAdministration(
            store: try AccountStore(path: #require(folder).file("auth.db"), seed: seed), hasher: PasswordHasher(cost: 4)
        )
    }

    private func add(
        _ username: String, _ password: String = "secret", to administration: AccountAdministration
    ) throws(CommandFailure) -> Account {
        try administration.add(username: username, name: "Carol", location: "Spain", password: { password })
    }

    @Test("an added user can log in, and no longer with an old password")
    func addAndChange() throws {
        let administration = try administration()
        let account = try add("carol", to: administration)
        #expect(account == Account(id: 1, username: "carol", name: "Carol", location: "Spain"))
        let authenticator = Authenticator(
            store: administration.store, hasher: administration.hasher, limiter: nil, hidesUnknownUsers: false)
        let login = { authenticator.authenticate(username: "carol", password: $0, address: nil, now: { 0 }) }
        #expect(login("secret") == .authenticated(account, staleHash: nil))
        try administration.setPassword(of: "carol") { "other" }
        #expect(login("secret") == .wrongPassword(hasUsableHash: true))
        #expect(login("other") == .authenticated(account, staleHash: nil))
        try administration.remove("carol")
        #expect(login("other") == .unknownUser)
    }

    @Test("a list in columns, without hashes")
    func list() throws {
        let administration = try administration(seed: .tutorial)
        _ = try add("a-long-username", to: administration)
        #expect(
            try administration.list() == """
                ID  USERNAME         NAME   LOCATION
                1   bob              Bob    USA
                2   alice            Alice  Sweden
                3   john             John   France
                4   a-long-username  Carol  Spain

                """)
    }

    @Test("nobody is asked for a password that could not be used")
    func notAsked() throws {
        let administration = try administration(seed: .tutorial)
        let cases: [(Shared.ExitStatus, (AccountAdministration) throws -> Void)] = [
            (.failure, { _ = try $0.add(username: "bob", name: "", location: "", password: Self.unasked) }),
            (.dataError, { _ = try $0.add(username: "a\nb", name: "", location: "", password: Self.unasked) }),
            (.noInput, { try $0.setPassword(of: "eve", password: Self.unasked) }),
            (.noInput, { try $0.remove("eve") }),
        ]
        for (status, run) in cases {
            let failure = try #require(throws: CommandFailure.self) { try run(administration) }
            #expect(failure.status == status)
            #expect(failure.mend != nil)
        }
    }

    private static func unasked() throws(CommandFailure) -> String {
        Issue.record("a password was asked for")
        return "x"
    }

    @Test("a password that bcrypt would cut is refused, and nothing is added")
    func longPassword() throws {
        let administration = try administration()
        let failure = try #require(throws: CommandFailure.self) {
            try add("carol", String(repeating: "a", count: 73), to: administration)
        }
        #expect(failure.status == .dataError)
        #expect(failure.message.contains("72 bytes"))
        #expect(try administration.store.accounts().isEmpty)
    }
}
