import Shared
import Testing

@testable import AuthService

/// What a header asks of its reader. Every token here has a good signature of what the header names, where it can have
/// one: it is the header that must be refused, or passed over.
@Suite("Attacks on headers")
struct HeaderAttackTests {
    private let verifier: TokenVerifier
    private let key: TokenKey

    init() throws {
        key = try TokenFixtures.key()
        verifier = TokenVerifier(try KeyRing([key]))
    }

    private func refusal(_ header: String, _ payload: String = "{}", with other: TokenKey? = nil) throws -> TokenError?
    {
        verifier.refusal(try TokenFixtures.sign(header, payload, with: other ?? key))
    }

    @Test("a good header is taken: what follows is refused for what it says alone")
    func good() throws { #expect(try refusal(#"{"alg":"HS256"}"#) == nil) }

    @Test(
        "CVE-2015-9235, alg none: in any spelling, with a signature, with an empty one, with none",
        arguments: ["none", "None", "NONE", "nOnE", "none ", "no\\u006ee", "", "\\u0000none"])
    func algorithmNone(name: String) throws {
        let header = #"{"alg":"\#(name)","typ":"JWT"}"#
        #expect(try refusal(header) == .unknownAlgorithm)
        let unsigned = "\(Forgery.encoded(header)).\(Forgery.parts[1])"
        for signature in ["", ".", ".."] { #expect(verifier.refusal(unsigned + signature) == .notCompact) }
        // A header that says it twice must not be read in two ways.
        #expect(
            try refusal(#"{"alg":"\#(name)","alg":"HS256"}"#)?.isMalformedHeader == true
                && refusal(#"{"alg":"HS256","alg":"\#(name)"}"#)?.isMalformedHeader == true)
    }

    @Test(
        "an algorithm that is no name of the table",
        arguments: [
            "null", "true", "0", #"["HS256"]"#, #"{"HS256":1}"#, #""HS256\u0000""#, #""hs256""#, #""HS256 ""#,
            #""HS2560""#,
            #""ＨＳ256""#, #""HS1""#, #""RSA1_5""#, #""dir""#, #""ES256K""#, #""EdDSA ""#, #""Ed25519""#,
        ])
    func unknownAlgorithm(value: String) throws {
        #expect(try refusal(#"{"alg":\#(value)}"#) != nil)
    }

    @Test("RS as HS (CVE-2016-5431, CVE-2022-23541): a public key in any of its spellings is no secret")
    func publicKeyAsSecret() throws {
        let rsa = try KeyVectors.key(KeyVectors.rsaAppendixA2)
        let ec = try KeyVectors.key(KeyVectors.p256)
        let ed = try KeyVectors.key(KeyVectors.pemEd25519Public)
        let verifier = try TokenFixtures.verifier(rsa, ec, ed)
        for text in [
            KeyVectors.rsaAppendixA2, KeyVectors.pemEd25519Public, KeyVectors.pemEd25519Public.filter { $0 != "\n" },
            try KeyVectors.publicHalf(KeyVectors.p256),
        ] {
            let attacker = try TokenFixtures.key(text)
            for name in ["HS256", "HS384", "HS512"] {
                let token = try TokenFixtures.sign(#"{"alg":"\#(name)"}"#, "{}", with: attacker)
                #expect(verifier.refusal(token) == .noKey)
            }
            for name in ["RS256", "ES256", "EdDSA"] {
                let token = try TokenFixtures.sign(#"{"alg":"\#(name)"}"#, "{}", with: attacker)
                #expect(verifier.refusal(token) == .badSignature)
            }
        }
    }

    @Test("a key is asked by its own algorithm alone (CVE-2022-23540), also where another one would fit its type")
    func otherAlgorithmOfTheKey() throws {
        let key = try KeyVectors.key(KeyVectors.rsa.replacing("{", with: #"{"alg":"PS256","#, maxReplacements: 1))
        let verifier = try TokenFixtures.verifier(key)
        for name in SignatureAlgorithm.allCases.map(\.rawValue) where name != "PS256" {
            let header = #"{"alg":"\#(name)","kid":"bilbo.baggins@hobbiton.example"}"#
            #expect(verifier.refusal(try TokenFixtures.sign(header, "{}", with: key)) == .noKey)
        }
    }

    @Test(
        "jku, jwk, x5u and x5c bring no key (CVE-2018-0114): signed with it they are refused, with ours they decide nothing",
        arguments: [
            #""jku":"https://attacker.example/jwks.json""#, #""x5u":"https://attacker.example/cert.pem""#,
            #""x5c":["MIIB"]"#, #""x5t":"AAAA""#, #""x5t#S256":"AAAA""#,
            #""jwk":{"kty":"oct","k":"YXR0YWNrZXI"}"#, #""jku":"file:///dev/null","jwk":null"#,
        ])
    func embeddedKeys(member: String) throws {
        let header = #"{"alg":"HS256",\#(member)}"#
        #expect(try refusal(header, with: TokenFixtures.key("attacker")) == .badSignature)
        #expect(try refusal(header, with: TokenFixtures.key("\0")) == .badSignature)
        #expect(try refusal(header) == nil)
    }

    @Test("an embedded public key whose private half signed the token (CVE-2018-0114) is not asked")
    func embeddedPublicKey() throws {
        let attacker = try KeyVectors.key(KeyVectors.p256)
        let header = #"{"alg":"ES256","jwk":\#(try KeyVectors.publicHalf(KeyVectors.p256))}"#
        let token = try TokenFixtures.sign(header, "{}", with: attacker)
        #expect(verifier.refusal(token) == .noKey)
        let other = try TokenFixtures.verifier(KeyVectors.key(KeyVectors.pemP256))
        #expect(other.refusal(token) == .badSignature)
    }

    @Test(
        "crit and b64 are refused in every form (CVE-2025-59420; RFC 7515 section 4.1.11, RFC 7797)",
        arguments: [
            #""crit":["exp"],"exp":1"#, #""crit":["b64"],"b64":false"#, #""crit":[]"#, #""crit":null"#,
            #""crit":"b64""#,
            #""crit":["x"],"x":1"#, #""b64":false"#, #""b64":true"#, #""b64":null"#, #""\u0063rit":["x"]"#,
        ])
    func critical(member: String) throws {
        let refusal = try refusal(#"{"alg":"HS256",\#(member)}"#)
        #expect(refusal == .criticalHeader || refusal == .unencodedPayload)
    }

    @Test(
        "kid games: a path, a query, a command, a NUL, another case, a name that only looks alike, a number, a list",
        arguments: [
            #""../../../dev/null""#, #""/dev/null""#, #""/proc/sys/kernel/randomize_va_space""#, #""' OR '1'='1""#,
            #""x' UNION SELECT 'key'--""#, #""|id""#, #""k1\u0000""#, #""k1.json""#, #""K1""#, #""\u212a1""#, #""k1 ""#,
            #""""#, "1", "null", #"["k1"]"#, #"{"$ne":""}"#, #""http://attacker.example/k1""#,
        ])
    func keyIDs(value: String) throws {
        let key = try TokenFixtures.key("secret", id: "k1")
        let verifier = try TokenFixtures.verifier(key, TokenFixtures.key("other"))
        #expect(verifier.refusal(try TokenFixtures.sign(#"{"alg":"HS256","kid":"k1"}"#, "{}", with: key)) == nil)
        let header = #"{"alg":"HS256","kid":\#(value)}"#
        // What /dev/null would be as a secret is none.
        for attacker in [
            key, try TokenFixtures.key("other"), try TokenFixtures.key("\n"), try TokenFixtures.key("0\n"),
        ] {
            let refusal = verifier.refusal(try TokenFixtures.sign(header, "{}", with: attacker))
            #expect(refusal == .noKey || refusal == .invalidHeader(name: "kid"))
        }
    }

    @Test("kid twice, the second in an escape, is no header")
    func keyIDTwice() throws {
        for header in [#"{"alg":"HS256","kid":"a","kid":"b"}"#, #"{"alg":"HS256","kid":"a","\u006bid":"b"}"#] {
            #expect(try refusal(header)?.isMalformedHeader == true)
        }
    }

    @Test("a header that is no strict JSON object: a BOM, a comment, a second value, a lone surrogate, a NUL")
    func malformedHeaders() throws {
        for header in [
            "\u{feff}{\"alg\":\"HS256\"}", "{\"alg\":\"HS256\"}\0", "{\"alg\":\"HS256\"} {}", "[{\"alg\":\"HS256\"}]",
            "{\"alg\":\"HS256\",}", "{\"alg\":\"HS256\"/**/}", "{'alg':'HS256'}",
            "{\"alg\":\"HS256\",\"x\":\"\\ud800\"}",
            "{\"alg\":\"HS256\",\"x\":\"\n\"}", "{\"alg\":\"HS256\",\"x\":1e999}", "{\"alg\":\"HS256\",\"x\":NaN}",
            "{\"alg\":\"HS256\",\"x\":\(String(repeating: "[", count: 20))\(String(repeating: "]", count: 20))}",
        ] {
            #expect(try refusal(header)?.isMalformedHeader == true, "\(header.debugDescription)")
        }
    }
}

extension TokenError {
    var isMalformedHeader: Bool {
        if case .malformedHeader = self { true } else { false }
    }

    var isMalformedPayload: Bool {
        if case .malformedPayload = self { true } else { false }
    }
}
