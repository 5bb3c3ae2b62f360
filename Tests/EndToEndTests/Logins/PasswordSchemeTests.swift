import Shared
import Testing

@Suite("Schemes of passwords")
struct PasswordSchemeTests {
    /// crypt(3) as another program calls it.
    private func crypt(_ password: String, _ setting: String) throws -> String {
        let script = """
            import sys, warnings
            warnings.simplefilter("ignore")
            import crypt
            print(crypt.crypt(sys.argv[1], sys.argv[2]))
            """
        let run = try RunningProgram("/usr/bin/python3", ["-c", script, password, setting])
        #expect(try run.end() == .exited(0), "\(run.lines)")
        return try #require(run.lines.first)
    }

    @Test(
        "a hash that another program made lets its password in",
        arguments: [
            "$y$j9T$k2XAnEHBqQ1Ct2aMXFKN..$", "$y$j75$abcdefgh$", "$2b$05$abcdefghijklmnopqrstuu",
            "$2a$04$abcdefghijklmnopqrstuu", "$2y$06$abcdefghijklmnopqrstuu",
        ])
    func foreign(setting: String) throws {
        let fixture = try LoginFixture("")
        let hash = try crypt("correct horse", setting)
        _ = try fixture.query("UPDATE users SET password_hash = '\(hash)' WHERE username = 'bob'")
        #expect(try fixture.login("bob", "correct horse").status == 200)
        #expect(try fixture.login("bob", "correct horsE").status == 401)
    }

    @Test("a login brings an account to the configured scheme, the command makes new ones by it, and others take them")
    func rehash() throws {
        let fixture = try LoginFixture("passwords: {scheme: yescrypt, cost: 2}\n")
        let hash = { (name: String) in
            try #require(try fixture.query("SELECT password_hash FROM users WHERE username = '\(name)'").first)
        }
        #expect(try hash("bob").hasPrefix("$2y$10$"))
        #expect(try fixture.login("bob", "wrong").status == 401)
        #expect(try fixture.login("bob", "password").status == 200)
        let end = ContinuousClock.now + .seconds(20)
        while try !hash("bob").hasPrefix("$y$j85$") { try #require(ContinuousClock.now < end, "never made anew") }
        #expect(try hash("alice").hasPrefix("$2y$10$"))
        #expect(try fixture.login("bob", "password").status == 200)
        #expect(try fixture.login("bob", "wrong").status == 401)
        // Another program finds the same in it.
        let found = try hash("bob")
        #expect(try crypt("password", found) == found)
        #expect(try crypt("Password", found) != found)
    }
}
