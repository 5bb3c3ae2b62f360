import Shared
import Testing

@testable import AuthService

@Suite("issuers in auth.yaml")
struct IssuersConfigurationTests {
    private static let least = """
        listen: {login: "unix:auth/login.sock", verify: "unix:/srv/verify.sock"}
        store: sqlite:auth.db

        """

    private func read(_ text: String, egress: String? = "/run/p/e.sock") throws(ConfigurationError) -> AuthConfiguration
    {
        try AuthConfiguration.read(
            ConfigurationReader(text: Self.least + text, file: "auth.yaml", problems: ConfigurationProblems()),
            context: AuthConfiguration.Context(runDirectory: "/run/p", stateDirectory: "/var/lib/p", egress: egress))
    }

    private func problems(_ text: String, egress: String? = "/run/p/e.sock") -> [String] {
        do throws(ConfigurationError) {
            _ = try read(text, egress: egress)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("Clerk works by naming its issuer and the URL of its keys")
    func least() throws {
        let url = "https://clerk.example.com/.well-known/jwks.json"
        let configuration = try read("issuers:\n- issuer: https://clerk.example.com\n  jwks: \(url)\n")
        let issuer = try #require(configuration.issuers.first)
        #expect(issuer.rules == IssuerRules(name: "https://clerk.example.com"))
        #expect(issuer.rules.algorithms == [.rs256])
        #expect(issuer.rules.clockSkew == 5)
        #expect(issuer.places == TokenPlaces(header: true, cookies: []))
        #expect(issuer.stale == 86400 && issuer.coolDown == 30)
        guard case .address(let address) = issuer.keys else { throw TokenFixtures.NoKey() }
        #expect(address.url == url)
        #expect(address.egressPath == "/https/clerk.example.com/.well-known/jwks.json")
        #expect(configuration.egress == "/run/p/e.sock")
    }

    @Test("every key")
    func every() throws {
        let configuration = try read(
            """
            egress: unix:other.sock
            issuers:
            - issuer: a
              jwks: {url: "http://127.0.0.1:8080/keys", ca: ca.pem, allow_private: true}
              audience: [x, y]
              authorized_parties: https://app.example
              algorithms: [ES256, PS512]
              clock_skew: 1m
              token: [header, cookie: __session, cookie: __session_*]
              user: {claim: [a, b], prefix: "a:"}
              claims: {role: [o, rol], sub: sub}
              refuse: {sts: pending, n: ["1", "2"]}
              stale: 1h
              cool_down: 10s
            - issuer: b
              jwks: keys/b.json
              user: https://b.example/id
              token: {cookie: b}
            """)
        let (a, b) = (configuration.issuers[0], configuration.issuers[1])
        #expect(configuration.egress == "/run/p/other.sock")
        #expect(a.rules.audiences == ["x", "y"])
        #expect(a.rules.authorizedParties == ["https://app.example"])
        #expect(a.rules.algorithms == [.es256, .ps512])
        #expect(a.rules.clockSkew == 60)
        #expect(a.places.header && a.places.contains(.cookie("__session_x")) && a.places.contains(.cookie("__session")))
        #expect(!a.places.contains(.cookie("session")))
        #expect(a.rules.user == ClaimPath("a", "b") && a.rules.userPrefix == "a:")
        #expect(a.rules.told?.map(\.name) == ["role", "sub"])
        #expect(a.rules.refused.map(\.values) == [["pending"], ["1", "2"]])
        #expect(a.stale == 3600 && a.coolDown == 10)
        #expect(b.keys == .file("/var/lib/p/keys/b.json"))
        #expect(b.rules.user == ClaimPath("https://b.example/id"))
        #expect(!b.places.header && b.places.contains(.cookie("b")))
    }

    @Test(
        "what is wrong is said, with its line",
        arguments: [
            ("issuers:\n- jwks: a\n", "issuer` is missing"), ("issuers:\n- issuer: a\n", "jwks` is missing"),
            ("issuers:\n- issuer: a\n  jwks: ftp://x.example/y\n", "must be a URL"),
            ("issuers:\n- issuer: a\n  jwks: \"https://x.example/y?z\"\n", "must be a URL"),
            ("issuers:\n- issuer: a\n  jwks: {ca: x}\n", "url` is missing"),
            ("issuers:\n- issuer: a\n  jwks: f\n  algorithms: [HS256]\n", "whoever checks with it could sign"),
            ("issuers:\n- issuer: a\n  jwks: f\n  algorithms: [none]\n", "must be one of"),
            ("issuers:\n- issuer: a\n  jwks: f\n  clock_skew: 6m\n", "clock_skew"),
            ("issuers:\n- issuer: a\n  jwks: f\n  token: body\n", "`header` or a cookie"),
            ("issuers:\n- issuer: a\n  jwks: f\n  token: {cookie: \"a;b\"}\n", "the name of a cookie"),
            ("issuers:\n- issuer: a\n  jwks: f\n  token: {cookie: \"*\"}\n", "the name of a cookie"),
            ("issuers:\n- issuer: a\n  jwks: f\n  authorised_parties: x\n", "Did you mean `authorized_parties`?"),
            ("issuers:\n- issuer: a\n  jwks: f\n- issuer: a\n  jwks: g\n", "already the name of another issuer"),
            ("token: {issuer: a}\nissuers:\n- issuer: a\n  jwks: f\n", "already the name of this service"),
            ("issuers: []\n", "too few items"),
        ])
    func wrong(text: String, words: String) {
        let found = problems(text)
        #expect(found.contains { $0.contains(words) && $0.hasPrefix("auth.yaml:") }, "\(found)")
    }

    @Test("keys on the web need the gateway's egress socket, and the mend says how it gets one")
    func egress() {
        let remote = "issuers:\n- issuer: a\n  jwks: https://a.example/keys\n"
        #expect(problems(remote, egress: nil).first?.contains("egress: unix:gateway/egress.sock") == true)
        #expect(problems(remote).isEmpty)
        #expect(problems("issuers:\n- issuer: a\n  jwks: file.json\n", egress: nil).isEmpty)
    }

    @Test("with an issuer no key of our own is needed: then nobody can log in")
    func noOwnKey() throws {
        let sources = try read("issuers:\n- issuer: a\n  jwks: f\n").keys
        let loader = KeyLoader(environment: [:], credentials: nil)
        #expect(throws: ConfigurationError.self) { try loader.load(sources) }
        let ring = try loader.load(sources, mayBeEmpty: true)
        #expect(ring.keys.isEmpty)
        #expect(throws: TokenIssuer.Failure.noKey) {
            try TokenIssuer(ring, lifetime: 60).token(for: TokenFixtures.bob, now: 0)
        }
    }

    @Test("the gateway reads the same addresses, each once, whatever else is wrong in the file")
    func addresses() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            """
            listen: 7
            issuers:
            - {issuer: a, jwks: "https://a.example/keys", nonsense: true}
            - {issuer: b, jwks: "https://a.example/keys"}
            - {issuer: c, jwks: file.json}
            - {issuer: d, jwks: {url: "https://[::1]:8443/k", ca: ca.pem, allow_private: true}}
            - {issuer: e}
            """, to: "auth.yaml")
        let found = IssuerKeyAddress.all(in: path)
        #expect(found.map(\.egressPath) == ["/https/a.example/keys", "/https/::1:8443/k"])
        #expect(found.map(\.authorities) == [nil, "ca.pem"])
        #expect(found.map(\.allowsPrivate) == [false, true])
        #expect(IssuerKeyAddress.all(in: folder.file("none.yaml")).isEmpty)
    }
}
