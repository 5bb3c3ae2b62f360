import Shared
import Testing

/// The published attacks on tokens and logins, over the real sockets: each gets the same 401 as any wrong token, and the
/// token that it was made of is good before and after.
@Suite("Attacks on tokens and logins", .tutorialSystem)
struct TokenAttackTests {
    private func users(_ authorization: String...) throws -> Message {
        try SharedSystem.system.request("GET", "/api/users", fields: authorization.map { "Authorization: \($0)" })
    }

    private func refuse(_ tokens: [String]) throws {
        let good = try SharedSystem.system.token()
        try users("Bearer \(good)").expect(200, Seed.allUsers)
        for token in tokens { try users("Bearer \(token)").expect(401, error: "Unauthorized") }
        try users("Bearer \(good)").expect(200, Seed.allUsers)
    }

    private let claims = #"{"userId":1,"location":"USA","name":"Bob","exp":9999999999}"#

    /// A token with that header and payload; its signature is good.
    private func signed(_ header: String, _ payload: String? = nil, secret: String = Project.secret) throws -> String {
        try JWT.sign(header: header, payload: payload ?? claims, secret: secret)
    }

    @Test("what is signed here by hand is good: the attacks are refused for what they are")
    func good() throws {
        try users("Bearer \(signed(#"{"alg":"HS256"}"#))").expect(200, Seed.allUsers)
    }

    @Test("alg none, with and without a signature")
    func algorithmNone() throws {
        let good = JWT(try SharedSystem.system.token())
        var tokens: [String] = []
        for name in ["none", "None", "NONE", "nOnE"] {
            let header = JWT.encode(#"{"alg":"\#(name)","typ":"JWT"}"#)
            tokens += [
                "\(header).\(good.parts[1]).", "\(header).\(good.parts[1])",
                "\(header).\(good.parts[1]).\(good.parts[2])",
            ]
            tokens.append(try signed(#"{"alg":"\#(name)"}"#))
        }
        try refuse(tokens)
    }

    @Test("another algorithm than the key's, and an algorithm twice")
    func otherAlgorithms() throws {
        try refuse(
            ["HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA", "hs256", "HS256 ", ""].map {
                try signed(#"{"alg":"\#($0)"}"#)
            } + [try signed(#"{"alg":"none","alg":"HS256"}"#), try signed(#"{"alg":"HS256","alg":"none"}"#)])
    }

    @Test("a key that the token brings: jku, jwk, x5u, x5c")
    func embeddedKeys() throws {
        try refuse(
            [
                #""jku":"http://127.0.0.1/jwks.json""#, #""jwk":{"kty":"oct","k":"YXR0YWNrZXI"}"#,
                #""x5u":"http://127.0.0.1/cert.pem""#, #""x5c":["MIIB"]"#,
            ].map { try signed(#"{"alg":"HS256",\#($0)}"#, secret: "attacker") })
    }

    @Test("crit and b64")
    func critical() throws {
        try refuse(
            [#""crit":["exp"]"#, #""crit":[]"#, #""crit":["b64"],"b64":false"#, #""b64":false"#].map {
                try signed(#"{"alg":"HS256",\#($0)}"#)
            })
    }

    @Test("kid games: paths, SQL, nothing, a number, twice; signed with what the path would hold as well")
    func keyIDs() throws {
        let kids = [#""../../../../dev/null""#, #""x' UNION SELECT 'mysecret'--""#, #""""#, "1", #""a","kid":"b""#]
        try refuse(
            kids.map { try signed(#"{"alg":"HS256","kid":\#($0)}"#) }
                + kids.map { try signed(#"{"alg":"HS256","kid":\#($0)}"#, secret: "\u{1}") })
    }

    @Test("signature stripping, and the signature of other claims")
    func signatureStripping() throws {
        let good = JWT(try SharedSystem.system.token())
        let forged = JWT.encode(#"{"userId":2,"exp":9999999999}"#)
        try refuse([
            good.signed, "\(good.signed).", "\(good.signed).AA", "\(good.signed).\(good.parts[2].dropLast())",
            "\(good.signed).\(good.parts[2])A", "\(good.parts[0]).\(forged).\(good.parts[2])", "..", "a.b.c",
        ])
    }

    @Test("other forms: detached, encrypted, nested, more base64 than one spelling")
    func otherForms() throws {
        let good = try SharedSystem.system.token()
        let parts = JWT(good).parts
        try refuse([
            "\(parts[0])..\(parts[2])", "\(good).a.b", "\(good).", ".\(good)", "\(parts[0])=.\(parts[1]).\(parts[2])",
            "\(good)=", "\(parts[0]).\(parts[1]).\(String(repeating: "A", count: 43))",
            try signed(#"{"alg":"HS256","cty":"JWT"}"#, good),
        ])
    }

    @Test("claims that two readers would read in two ways")
    func claimTricks() throws {
        let header = #"{"alg":"HS256"}"#
        try refuse(
            [
                #"{"userId":1,"userId":2}"#, #"{"exp":1,"\u0065xp":9999999999}"#, #"{"exp":"9999999999"}"#,
                #"{"exp":null}"#,
                #"{"exp":1e999}"#, #"{"exp":NaN}"#, #"{"exp":-1}"#, #"{"exp":0}"#, #"{"nbf":9999999999}"#,
                #"{"sub":"\ud800"}"#, "\u{feff}{}", "[]", "{} {}", #"{"aud":"others"}"#, #"{"iat":"now"}"#,
                #"{"a":\#(String(repeating: "[", count: 40))\#(String(repeating: "]", count: 40))}"#,
            ].map { try signed(header, $0) })
    }

    @Test("two Authorization fields, two tokens in one, another scheme: no verdict is taken from the first or the last")
    func severalCredentials() throws {
        let good = try SharedSystem.system.token()
        let bad = try signed(#"{"alg":"HS256"}"#, secret: "attacker")
        for (one, other) in [(good, bad), (bad, good), (good, good)] {
            #expect([400, 401].contains(try users("Bearer \(one)", "Bearer \(other)").status))
            #expect(try users("Bearer \(one), Bearer \(other)").status == 401)
            #expect(try users("Bearer \(one) \(other)").status == 401)
        }
        for scheme in ["Basic", "Token", "JWT", "Bearer:", "Bearer\u{a0}", ""] {
            #expect([400, 401].contains(try users("\(scheme) \(good)").status), "\(scheme)")
        }
    }

    @Test("a user whose name would be field lines is nobody, and adds no field to what a service sees")
    func fieldInjection() throws {
        let token = try signed(#"{"alg":"HS256"}"#, #"{"userId":"1\r\nPostern-User: 2","exp":9999999999}"#)
        #expect(try users("Bearer \(token)").status == 200)
    }

    @Test("a login whose body says a name twice, or is no strict JSON, is none")
    func logins() throws {
        for body in [
            #"{"username":"alice","username":"bob","password":"password"}"#, "\u{feff}{}",
            #"{"username":"bob","password":"password"} {}"#, #"{"username":"bob","password":"pass\ud800word"}"#,
        ] {
            let answer = try SharedSystem.system.request(
                "POST", "/api/auth", fields: ["Content-Type: application/json"], body: body)
            answer.expect(400, error: "Invalid JSON")
        }
    }
}
