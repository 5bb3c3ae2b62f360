import Shared
import Testing

@testable import AuthService

@Suite("auth.yaml")
struct AuthConfigurationTests {
    private static let context = AuthConfiguration.Context(runDirectory: "/run/p", stateDirectory: "/var/lib/p")
    private static let least = """
        listen: {login: "unix:auth/login.sock", verify: "unix:/srv/verify.sock"}
        store: sqlite:auth.db

        """

    private func read(_ text: String) throws(ConfigurationError) -> AuthConfiguration {
        try AuthConfiguration.read(
            ConfigurationReader(text: text, file: "auth.yaml", problems: ConfigurationProblems()), context: Self.context
        )
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("the least that it takes, and the defaults")
    func defaults() throws {
        let configuration = try read(Self.least)
        #expect(configuration.login == .unix(path: "/run/p/auth/login.sock"))
        #expect(configuration.verify == .unix(path: "/srv/verify.sock"))
        #expect(configuration.store == "/var/lib/p/auth.db")
        #expect(configuration.seed == .none)
        #expect(configuration.tokenLifetime == 86400)
        #expect(configuration.logins == LoginConfiguration())
        #expect(configuration.passwords == PasswordsConfiguration())
        #expect(configuration.passwords.form == PasswordForm(.bcrypt, cost: 10))
        #expect(configuration.verdict == VerdictLifetime(good: 60, refused: 5))
        #expect(configuration.keys.secret == nil)
        #expect(configuration.keys.keys == nil)
        #expect(configuration.keys.algorithm == .hs256)
        #expect(configuration.keys.shortSecrets == .refuse)
        #expect(configuration.publicKeysMaxAge == 300)
        #expect(configuration.claimRules == ClaimRules())
        #expect(configuration.sessions == nil)
        #expect(configuration.accounts == AccountsConfiguration())
        #expect(!configuration.accounts.signUp)
        #expect(configuration.revocationKeep == 400 * 86400)
    }

    @Test("sessions are off, on, or on with settings; tokens are short then")
    func sessions() throws {
        #expect(try read(Self.least + "sessions: off\n").sessions == nil)
        let on = try read(Self.least + "sessions: on\n")
        #expect(on.sessions?.rules == SessionRules() && on.sessions?.cookies == nil)
        #expect(on.tokenLifetime == 900)
        let all = try read(
            Self.least + """
                token: {lifetime: 2h}
                sessions: {idle: 1h, lifetime: 1d, per_user: 5, reuse_grace: 10s, cookie: id}
                accounts: {sign_up: on, sign_ups_per_client: 3, most: 50}
                revocations: {keep: 30d}
                """)
        #expect(all.sessions?.rules == SessionRules(idle: 3600, lifetime: 86400, perUser: 5, grace: 10))
        #expect(all.sessions?.cookies == SessionCookies(name: "id"))
        #expect(all.tokenLifetime == 7200)
        #expect(all.accounts.signUp && all.accounts.signUpsPerClient == 3 && all.accounts.most == 50)
        #expect(all.revocationKeep == 30 * 86400)
        #expect(try read(Self.least + "sessions: {cookie: on}\n").sessions?.cookies == SessionCookies(name: "session"))
        #expect(try read(Self.least + "token: {lifetime: 500d}\n").revocationKeep == 500 * 86400)
    }

    @Test("sessions that make no sense are said with their mend")
    func wrongSessions() {
        #expect(problems(Self.least + "sessions: maybe\n").joined().contains("one of: off, on"))
        #expect(
            problems(Self.least + "sessions: {idle: 2d, lifetime: 1d}\n").joined().contains(
                "longer than `sessions.lifetime`"))
        #expect(
            problems(Self.least + "sessions: {cookie: \"a b\"}\n").joined().contains(
                "`sessions.cookie` must be off, on"))
        #expect(problems(Self.least + "sessions: {refresh: 1d}\n").joined().contains("not a known key"))
        #expect(
            problems(Self.least + "token: {lifetime: 2d}\nrevocations: {keep: 1d}\n").joined()
                .contains("shorter than `token.lifetime`"))
    }

    @Test("every key")
    func everyKey() throws {
        let configuration = try read(
            Self.least + """
                seed: tutorial
                keys: keys
                token: {issuer: us, audience: them, lifetime: 90s, kid: k1, algorithm: HS512, key: {file: /etc/secret}}
                login: {errors: tutorial}
                passwords: {cost: 12, workers: 2, queue: 8}
                verdict: {max_age: 2m, refused_max_age: 0s}
                jwks: {max_age: 1h}
                policy: {short_hmac_keys: accept}
                """)
        #expect(configuration.seed == .tutorial)
        #expect(configuration.keys.keys == .path("/var/lib/p/keys"))
        #expect(configuration.keys.secret == .file("/etc/secret"))
        #expect(configuration.keys.secretID == "k1")
        #expect(configuration.keys.algorithm == .hs512)
        #expect(configuration.tokenLifetime == 90)
        #expect(configuration.publicKeysMaxAge == 3600)
        #expect(configuration.claimRules == ClaimRules(issuer: "us", audience: "them"))
        #expect(configuration.keys.shortSecrets == .accept)
        #expect(configuration.logins.errors == .tutorial)
        #expect(configuration.passwords.form == PasswordForm(.bcrypt, cost: 12))
        #expect((configuration.passwords.workers, configuration.passwords.queue) == (2, 8))
        #expect(configuration.passwords.queuePerAddress == 2)
        #expect(configuration.verdict == VerdictLifetime(good: 120, refused: 0))
    }

    @Test("limits of logins, whole, in part, and off")
    func limits() throws {
        #expect(try read(Self.least + "login: {limits: off}").logins.limits == nil)
        #expect(try read(Self.least + "login: {errors: uniform}").logins.limits == LoginLimits())
        #expect(try read(Self.least + "login: {limits: {account: 3}}").logins.limits?.account == 3)
        #expect(
            try read(
                Self.least
                    + "login: {limits: {account: 1, address: 2, delay: 500ms, longest_delay: 2h, forget: 3d}}"
            ).logins.limits
                == LoginLimits(account: 1, address: 2, delay: 500, longest: 7_200_000, forget: 3 * 86_400_000))
        // A longer first wait alone is no contradiction.
        #expect(try read(Self.least + "login: {limits: {delay: 1h}}").logins.limits?.longest == 3_600_000)
        #expect(problems(Self.least + "login: {limits: {delay: 1h, longest_delay: 1m}}").count == 1)
        for wrong in ["on", "{account: 0}", "{delay: 1ms}", "{forget: 1}", "{accounts: 5}", "[]"] {
            #expect(problems(Self.least + "login: {limits: \(wrong)}").count == 1, "\(wrong)")
        }
        #expect(
            try read(Self.least + "login: {forwarded_from: gateway}").logins.forwardedFrom?.map(\.text) == ["gateway"])
    }

    @Test("each scheme has its own costs")
    func schemes() throws {
        #expect(
            try read(Self.least + "passwords: {scheme: yescrypt}").passwords.form == PasswordForm(.yescrypt, cost: 5))
        #expect(
            try read(Self.least + "passwords: {scheme: yescrypt, cost: 11}").passwords.form
                == PasswordForm(.yescrypt, cost: 11))
        #expect(problems(Self.least + "passwords: {scheme: yescrypt, cost: 12}").count == 1)
        #expect(problems(Self.least + "passwords: {scheme: bcrypt, cost: 3}").count == 1)
        #expect(problems(Self.least + "passwords: {scheme: md5}").count == 1)
        #expect(try read(Self.least + "passwords: {queue: 2}").passwords.queuePerAddress == 1)
    }

    @Test("the places of a secret")
    func secrets() throws {
        #expect(try read(Self.least + "token: {key: {env: A}}").keys.secret == .environment("A"))
        #expect(try read(Self.least + "token: {key: {credential: A}}").keys.secret == .credential("A"))
        #expect(try read(Self.least + "token: {key: {file: a/b}}").keys.secret == .file("/var/lib/p/a/b"))
    }

    @Test("keys as a path or a credential, and algorithms that are no secret's")
    func keyPlaces() throws {
        #expect(try read(Self.least + "keys: {credential: jwt-keys}").keys.keys == .credential("jwt-keys"))
        #expect(problems(Self.least + "keys: {file: x}").count == 2)
        #expect(problems(Self.least + "token: {algorithm: RS256}").count == 1)
        #expect(problems(Self.least + "policy: {short_hmac_keys: maybe}").count == 1)
    }

    @Test("what is wrong is said all at once, with its line")
    func allAtOnce() {
        let found = problems(
            """
            listen: {login: "127.0.0.1:80"}
            store: postgres://x
            seed: demo
            token:
              lifetime: 1500ms
              algorithm: none
            login: {errors: quiet}
            passwords: {cost: 3}
            verdict: {max_age: forever}
            users: []
            """)
        for (line, word) in [
            (1, "login"), (1, "verify"), (2, "store"), (3, "seed"), (5, "lifetime"), (6, "algorithm"), (7, "errors"),
            (8, "cost"), (9, "max_age"), (10, "users"),
        ] {
            #expect(
                found.contains { $0.hasPrefix("auth.yaml:\(line)") && $0.contains(word) }, "\(line) \(word): \(found)")
        }
    }

    @Test("an unknown key is an error at every level, with the key that is meant")
    func unknownKeys() {
        #expect(problems(Self.least + "tokens: {}").first?.contains("Did you mean `token`?") == true)
        #expect(problems(Self.least + "token: {lifetme: 1h}").first?.contains("Did you mean `lifetime`?") == true)
        #expect(problems(Self.least + "token: {key: {enviroment: A}}").count == 2)
    }

    @Test("a secret has one place")
    func oneSecret() {
        #expect(problems(Self.least + "token: {key: {}}").count == 1)
        #expect(problems(Self.least + "token: {key: {env: A, file: B}}").count == 1)
    }

    @Test("the two sockets are two")
    func oneSocket() {
        let found = problems("listen: {login: unix:a.sock, verify: unix:a.sock}\nstore: sqlite:x\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("one socket") == true)
    }

    @Test("a store that is no SQLite file", arguments: ["sqlite:", "auth.db", "sqlite://host/x", "sqlite:dir/"])
    func stores(store: String) {
        #expect(problems("listen: {login: unix:a, verify: unix:b}\nstore: \"\(store)\"\n").count == 1)
    }

    @Test("an empty file lacks what is needed")
    func emptyFile() {
        #expect(problems("").count == 2)
    }
}
