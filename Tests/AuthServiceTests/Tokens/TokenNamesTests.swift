import Shared
import Testing

@testable import AuthService

@Suite("iss, aud, jti and sid")
struct TokenNamesTests {
    private func refusal(_ payload: String, _ rules: ClaimRules = ClaimRules()) throws -> TokenError? {
        let key = try TokenFixtures.key()
        let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: key)
        return TokenVerifier(try KeyRing([key]), rules: rules).refusal(token)
    }

    @Test("without a name of its own the service takes every iss that is text")
    func anyIssuer() throws {
        for payload in ["{}", #"{"iss":"joe"}"#, #"{"iss":""}"#] { #expect(try refusal(payload) == nil) }
        for value in ["1", "null", "[]", #"["us"]"#, "{}"] {
            #expect(try refusal(#"{"iss":\#(value)}"#) == .noText(name: "iss"))
        }
    }

    @Test("with one, another iss is refused, by code point; a token without iss is the key's")
    func ownIssuer() throws {
        let rules = ClaimRules(issuer: "https://k.example")
        #expect(try refusal(#"{"iss":"https://k.example"}"#, rules) == nil)
        #expect(try refusal("{}", rules) == nil)
        // The last one has U+212A KELVIN SIGN for the k.
        for name in ["joe", "", "https://k.example/", "HTTPS://k.example", "https://\u{212a}.example"] {
            #expect(try refusal(#"{"iss":"\#(name)"}"#, rules) == .otherIssuer)
        }
    }

    @Test("a token for somebody is refused by who has no name (RFC 7519 section 4.1.3)")
    func noAudience() throws {
        #expect(try refusal("{}") == nil)
        for value in [#""api""#, #"["api"]"#, "[]"] {
            #expect(try refusal(#"{"aud":\#(value)}"#) == .otherAudience)
        }
    }

    @Test("aud is the name, or a list with it; nothing else is, and none is not enough")
    func ownAudience() throws {
        let rules = ClaimRules(audience: "api")
        for value in [#""api""#, #"["api"]"#, #"["other","api"]"#] {
            #expect(try refusal(#"{"aud":\#(value)}"#, rules) == nil)
        }
        for value in [#""API""#, #""api ""#, #"["apis"]"#, "[]", #""""#] {
            #expect(try refusal(#"{"aud":\#(value)}"#, rules) == .otherAudience)
        }
        #expect(try refusal("{}", rules) == .otherAudience)
        for value in ["1", "null", "{}", #"["api",1]"#, #"[["api"]]"#] {
            #expect(try refusal(#"{"aud":\#(value)}"#, rules) == .noText(name: "aud"))
        }
    }

    @Test("jti and sid are text")
    func identifiers() throws {
        #expect(try refusal(#"{"jti":"a","sid":"b"}"#) == nil)
        #expect(try refusal(#"{"jti":1}"#) == .noText(name: "jti"))
        #expect(try refusal(#"{"sid":null}"#) == .noText(name: "sid"))
    }

    @Test("what is issued has both names, at the end, and is taken")
    func issued() throws {
        let ring = try KeyRing([TokenFixtures.key()])
        let rules = ClaimRules(issuer: "us", audience: "api")
        let token = try TokenIssuer(ring, lifetime: 60, rules: rules).token(for: TokenFixtures.bob, now: 0)
        let verified = try TokenVerifier(ring, rules: rules).verify(token[...], now: 1)
        #expect(verified.claims.members.map(\.name).suffix(3) == ["exp", "aud", "iss"])
        #expect(throws: TokenError.otherAudience) { try TokenVerifier(ring).verify(token[...], now: 1) }
    }
}
