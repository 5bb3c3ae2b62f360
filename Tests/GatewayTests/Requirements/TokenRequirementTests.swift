import Testing

@testable import Gateway
@testable import Shared

@Suite("What a route asks of a token")
struct TokenRequirementTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func requirement(_ text: String) throws -> TokenRequirement? {
        try configuration.folder.write("service: data\nauth: required\n" + text, to: "routes/index.yaml")
        return try configuration.load().routes.routes[0].value.requirement
    }

    private func isMet(_ text: String, _ claims: String) throws -> Bool {
        let object = try StrictJSON.parseObject(Array(claims.utf8))
        return try #require(try requirement(text)).isMet(by: object)
    }

    @Test(
        "a claim is the value that is written, or a list that has it",
        arguments: [
            ("role: admin", #"{"role":"admin"}"#, true), ("role: admin", #"{"role":["user","admin"]}"#, true),
            ("role: admin", #"{"role":"Admin"}"#, false), ("role: admin", #"{"role":"admin "}"#, false),
            ("role: admin", #"{"roles":"admin"}"#, false), ("role: admin", "{}", false),
            ("role: admin", #"{"role":null}"#, false), ("role: admin", #"{"role":{"admin":true}}"#, false),
            ("role: admin", #"{"role":[["admin"]]}"#, false), ("role: admin", #"{"role":[]}"#, false),
            ("role: [admin, editor]", #"{"role":"editor"}"#, true),
            ("role: [admin, editor]", #"{"role":["user"]}"#, false),
            ("{role: admin, plan: pro}", #"{"role":"admin"}"#, false),
            ("{role: admin, plan: pro}", #"{"plan":"pro","role":"admin"}"#, true),
            ("level: 3", #"{"level":3}"#, true), ("level: 3", #"{"level":3.0}"#, true),
            ("level: 3", #"{"level":"3"}"#, false), ("level: '3'", #"{"level":"3"}"#, true),
            ("level: '3'", #"{"level":3}"#, false), ("level: 0.5", #"{"level":5e-1}"#, true),
            ("level: 3", #"{"level":3.5}"#, false), ("level: 1", #"{"level":true}"#, false),
            ("ok: true", #"{"ok":true}"#, true), ("ok: true", #"{"ok":"true"}"#, false),
            ("ok: false", "{}", false), ("ok: no", #"{"ok":"no"}"#, true),
        ])
    func claims(written: String, claims: String, isMet: Bool) throws {
        let text = written.hasPrefix("{") ? "claims: \(written)" : "claims:\n  \(written)\n"
        #expect(try self.isMet(text, claims) == isMet)
    }

    @Test("members of an object are asked for by a mapping; a period or a URL in a name is a part of it")
    func names() throws {
        let nested = "claims: {realm_access: {roles: staff}}"
        #expect(try isMet(nested, #"{"realm_access":{"roles":["staff","x"]}}"#))
        #expect(try !isMet(nested, #"{"realm_access":{"roles":["x"]}}"#))
        #expect(try !isMet(nested, #"{"realm_access":"staff"}"#))
        #expect(try !isMet(nested, #"{"realm_access.roles":"staff"}"#))
        let url = "claims: {\"https://app.example/role\": admin, a.b: c}"
        #expect(try isMet(url, #"{"https://app.example/role":"admin","a.b":"c"}"#))
        #expect(try !isMet(url, #"{"https://app.example/role":"admin","a":{"b":"c"}}"#))
    }

    @Test("texts and names are the same by their code points alone")
    func codePoints() throws {
        // The Kelvin sign is no K, and a letter with its accent apart is another spelling.
        #expect(try !isMet("claims: {role: K}", #"{"role":"\u212a"}"#))
        #expect(try !isMet("claims: {role: \"\\u00e9\"}", #"{"role":"e\u0301"}"#))
        #expect(try isMet("claims: {role: \"\\u00e9\"}", #"{"role":"\u00e9"}"#))
        #expect(try !isMet("claims: {K: a}", #"{"\u212a":"a"}"#))
        #expect(try !isMet("scopes: [K]", #"{"scope":"\u212a"}"#))
    }

    @Test(
        "all scopes are needed, as one text or as a list; the first of scope, scp and scopes counts",
        arguments: [
            (#"{"scope":"posts.read posts.write"}"#, true), (#"{"scope":"posts.write  x posts.read"}"#, true),
            (#"{"scope":"posts.read"}"#, false), (#"{"scope":"posts.read,posts.write"}"#, false),
            (#"{"scope":["posts.read","posts.write"]}"#, true), (#"{"scp":["posts.write","posts.read"]}"#, true),
            (#"{"scp":"posts.write posts.read"}"#, true), (#"{"scopes":["posts.write","posts.read"]}"#, true),
            (#"{"scope":"","scp":"posts.write posts.read"}"#, false), (#"{"scope":["posts.read posts.write"]}"#, false),
            (#"{"scope":7}"#, false), (#"{"scope":null,"scp":"posts.write posts.read"}"#, false), ("{}", false),
        ])
    func scopes(claims: String, isMet: Bool) throws {
        #expect(try self.isMet("scopes: [posts.read, posts.write]", claims) == isMet)
    }

    @Test("the refusal names the scopes and no claim")
    func challenge() throws {
        let both = try #require(try requirement("claims: {role: admin}\nscopes: [a, b]"))
        #expect(
            String(decoding: both.challenge, as: UTF8.self)
                == "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"a b\"\r\n")
        let claims = try #require(try requirement("claims: {role: admin}"))
        #expect(
            String(decoding: claims.challenge, as: UTF8.self)
                == "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n")
        #expect(try requirement("claims: {}\nscopes: []") == nil)
        #expect(!both.isMet(by: nil))
    }

    @Test("the nearest file says all of a key; requirements that say the same have one number")
    func layers() throws {
        try configuration.folder.write(
            "service: data\nauth: required\nclaims: {role: admin, plan: pro}\nscopes: [a]\n",
            to: "routes/_defaults.yaml")
        try configuration.folder.write("claims: {role: user}\n", to: "routes/index.yaml")
        try configuration.folder.write("claims: {role: user}\n", to: "routes/other.yaml")
        try configuration.folder.write("claims: {}\nscopes: []\n", to: "routes/free.yaml")
        let tree = try configuration.load().routes
        func rule(_ pattern: String) throws -> RouteRule {
            try #require(tree.routes.first { $0.pattern.description == pattern }).value
        }
        let requirement = try #require(try rule("/").requirement)
        #expect(requirement.claimsText == #"{"role":"user"}"#)
        #expect(requirement.scopes == ["a"])
        #expect(try rule("/other").requirement?.number == requirement.number)
        #expect(try rule("/free").requirement == nil)
        #expect(try rule("/").authenticationText == "required, claims, scopes")
        #expect(try rule("/free").authenticationText == "required")
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            (
                "claims: {role: admin}\n",
                "routes/index.yaml:2:9: `claims` asks something of a token, and the route looks at none. "
                    + "Write `auth: required`, or `claims: {}` to ask for nothing."
            ),
            (
                "auth: optional\nscopes: a\n",
                "routes/index.yaml:3:9: `scopes` asks something of a token, and the route takes requests without one "
                    + "(`auth: optional`). Write `auth: required`, or `scopes: []` to ask for nothing."
            ),
            (
                "auth: required\nclaims: admin\n",
                "routes/index.yaml:3:9: `claims` must be a mapping, not \"admin\". "
                    + "Write `key: value` lines, indented, below it."
            ),
            (
                "auth: required\nclaims: {role: []}\n",
                "routes/index.yaml:3:16: `claims.role` has too few items (0). Write 1 at least, or take the key out."
            ),
            (
                "auth: required\nclaims: {role: }\n",
                "routes/index.yaml:3:10: `claims.role` has no value. "
                    + "Give it one (a text, a number, true or false), or take the line out."
            ),
            (
                "auth: required\nclaims: {role: {}}\n",
                "routes/index.yaml:3:16: `claims.role` asks for nothing. Name a member and its value, or take it out."
            ),
            (
                "auth: required\nclaims: {role: [[a]]}\n",
                "routes/index.yaml:3:17: `claims.role` must be a text, a number, true or false, not a list. "
                    + "Write a value, or a list of values of which one is enough."
            ),
            (
                "auth: required\nscopes: [\"a b\"]\n",
                "routes/index.yaml:3:10: `scopes` must be a scope, not \"a b\". "
                    + "A scope is visible ASCII without blanks, quotes and backslashes."
            ),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("routes/index.yaml", "service: data\n" + text) == [problem])
    }

    @Test("a verdict is looked at once for each requirement, however many there are")
    func findings() throws {
        let requirements = try (0..<70).map { number in
            try #require(
                TokenRequirement(claims: [("n\(number % 2)", .any([.integer(Int64(number))]))], scopes: ["s\(number)"]))
        }
        let findings = VerdictFindings()
        for requirement in requirements { #expect(findings.isMet(requirement) == nil) }
        for requirement in requirements {
            findings.note(requirement, isMet: requirement.number % 3 == 0)
            #expect(findings.isMet(requirement) == (requirement.number % 3 == 0))
        }
        for requirement in requirements { #expect(findings.isMet(requirement) == (requirement.number % 3 == 0)) }
    }
}
