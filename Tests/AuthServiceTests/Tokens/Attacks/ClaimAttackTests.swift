import Shared
import Testing

@testable import AuthService

/// Payloads that two readers would read in two ways, all of them with a good signature.
@Suite("Attacks on claims")
struct ClaimAttackTests {
    private let verifier: TokenVerifier

    init() throws { verifier = try TokenFixtures.verifier() }

    private func refusal(_ payload: String) throws -> TokenError? {
        verifier.refusal(try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key()))
    }

    @Test("a claim twice, plainly or in an escape, also inside of another one")
    func duplicateClaims() throws {
        for payload in [
            #"{"userId":1,"userId":2}"#, #"{"exp":9999999999,"exp":1}"#, #"{"exp":1,"\u0065xp":9999999999}"#,
            #"{"a":{"b":1,"b":2}}"#, #"{"a":[{"b":1,"b":1}]}"#, #"{"":1,"":2}"#,
        ] {
            #expect(try refusal(payload)?.isMalformedPayload == true, "\(payload)")
        }
    }

    @Test(
        "exp, nbf and iat are numbers from 0 to 2^53 - 1, and nothing else",
        arguments: [
            #""9999999999""#, "null", "true", "[]", "{}", "[9999999999]", "-1", "-9999999999", "9007199254740992",
            "1e300", "99999999999999999999999999", "9.1e15", #""""#, #""Infinity""#,
        ])
    func times(value: String) throws {
        for name in ["exp", "nbf", "iat"] {
            #expect(try refusal(#"{"\#(name)":\#(value)}"#) == .invalidClaim(name: name))
        }
    }

    @Test("numbers that JSON does not have, or that no binary64 holds, are no payload")
    func numbers() throws {
        for value in [
            "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "0x7fffffff", "+1", "01", "1.", ".5", "1e", "1e+", "-",
            "--1",
            "1_000", "１",
        ] {
            #expect(try refusal(#"{"exp":\#(value)}"#)?.isMalformedPayload == true, "\(value)")
        }
    }

    @Test("exp at zero, at minus zero, with a fraction or an exponent is the time that it says")
    func oddTimes() throws {
        for value in ["0", "-0", "0.0", "-0.0", "0e9", "1e-9", "1669100277.999", "1.669100278e9"] {
            let refusal = try refusal(#"{"exp":\#(value)}"#)
            guard case .expired = refusal else {
                Issue.record("\(value): \(String(describing: refusal))")
                continue
            }
        }
        for value in ["1669100278.001", "1.669100279e9", "166910027900E-2", "9007199254740991"] {
            #expect(try refusal(#"{"exp":\#(value)}"#) == nil, "\(value)")
        }
    }

    @Test("a claim of another case is another claim: EXP does not end a token, and userid names nobody")
    func otherCases() throws {
        let token = try TokenFixtures.sign(
            #"{"alg":"HS256"}"#, #"{"EXP":1,"Exp":1,"userid":"x","SUB":"y"}"#, with: TokenFixtures.key())
        let verified = try verifier.verify(token)
        #expect(verified.expiry == nil)
        #expect(verified.user == nil)
    }

    @Test("aud must be text or a list of texts, and is for others where it is not for us")
    func audiences() throws {
        for value in ["{}", "1", "null", "[1]", #"["us",1]"#, "true", "[null]", #"[["us"]]"#, #"{"0":"us"}"#] {
            #expect(try refusal(#"{"aud":\#(value)}"#) == .noText(name: "aud"), "\(value)")
        }
        for value in [#""us""#, #"["us"]"#, "[]", #""""#] {
            #expect(try refusal(#"{"aud":\#(value)}"#) == .otherAudience, "\(value)")
        }
    }

    @Test("text that is no Unicode, or that ends somewhere else for others")
    func texts() throws {
        for payload in [
            #"{"sub":"\ud800"}"#, #"{"sub":"\udc00\ud800"}"#, #"{"sub":"\ud800x"}"#, "{\"sub\":\"a\0b\"}",
            "{\"sub\":\"a\nb\"}",
            #"{"sub":"\x41"}"#, #"{"sub":"\u00"}"#, "\u{feff}{}", "{}\0", "{}\u{feff}", "{}{}", "{} []", " ",
            "{\u{a0}}", "{\u{0b}}",
            #"{"sub":'x'}"#, #"{sub:"x"}"#, #"{"sub":"x",}"#, #"{,"sub":"x"}"#, #"{"sub" "x"}"#, #"{"sub":"x"//}"#,
        ] {
            #expect(try refusal(payload)?.isMalformedPayload == true, "\(payload.debugDescription)")
        }
        let key = try TokenFixtures.key()
        let bytes = Array(#"{"sub":""#.utf8) + [0xc0, 0xaf] + Array(#""}"#.utf8)
        let input = Array(Forgery.encoded(#"{"alg":"HS256"}"#).utf8) + [UInt8(ascii: ".")] + Base64URL.encode(bytes)
        let signature = try #require(key.signature(of: input[...]))
        let token = "\(String(decoding: input, as: UTF8.self)).\(Forgery.encoded(signature))"
        #expect(verifier.refusal(token)?.isMalformedPayload == true)
    }

    @Test("a name for a user that a field cannot carry names nobody: line ends, control bytes, other letters, too long")
    func userNames() throws {
        for value in [
            #""a\r\nPostern-User: admin""#, #""a\u0000""#, #""a b""#, #""\u0131""#, #""\t""#, #""""#, "1.5", "1e3",
            "true", "[1]",
            #""\#(String(repeating: "a", count: 257))""#, "99999999999999999999", #"{"id":1}"#,
        ] {
            for payload in [#"{"userId":\#(value),"sub":"fallback"}"#, #"{"sub":\#(value)}"#] {
                let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key())
                #expect(try verifier.verify(token).user == nil, "\(payload)")
            }
        }
    }

    @Test("deep nesting and many members cost their length, and are refused beyond 16 levels")
    func nesting() throws {
        let nested = { (count: Int) in
            #"{"a":\#(String(repeating: "[", count: count))\#(String(repeating: "]", count: count))}"#
        }
        #expect(try refusal(nested(15)) == nil)
        for count in [16, 17, 1000, 6000] { #expect(try refusal(nested(count))?.isMalformedPayload == true) }
        #expect(try refusal(String(repeating: "{\"a\":", count: 2000)) != nil)
        let many = (0..<1000).map { #""\#($0)":\#($0)"# }.joined(separator: ",")
        #expect(try refusal("{\(many)}") == nil)
    }

    @Test("a payload that is no object is none: a list, a text, a number, nothing")
    func otherPayloads() throws {
        for payload in ["[]", #""{}""#, "1", "null", "true", "", "[{}]"] {
            #expect(try refusal(payload) != nil, "\(payload)")
        }
    }
}
