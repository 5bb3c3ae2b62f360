import Shared
import Testing

@testable import AuthService

@Suite("Token verifier")
struct TokenVerifierTests {
    @Test("the tutorial's token is good under its secret while its time lasts")
    func tutorialTokenInItsTime() throws {
        let verifier = try TokenFixtures.verifier()
        let token = try verifier.verify(TokenFixtures.tutorial, now: TokenFixtures.expiry - 1)
        #expect(token.user == "1")
        #expect(token.claims.members.map(\.name) == ["userId", "location", "name", "iat", "exp"])
        #expect(token.claims["name"]?.string == "Bob")
        #expect(token.payload == TokenFixtures.tutorial.split(separator: ".")[1])
        #expect(token.expiry == Double(TokenFixtures.expiry))
    }

    @Test("the tutorial's token is refused for its time alone, from its expiry on")
    func tutorialTokenExpired() throws {
        let verifier = try TokenFixtures.verifier()
        #expect(verifier.refusal(TokenFixtures.tutorial, now: TokenFixtures.expiry) == .expired(at: 1_669_186_678))
        #expect(verifier.refusal(TokenFixtures.tutorial, now: 1_800_000_000) == .expired(at: 1_669_186_678))
    }

    @Test("the vector of RFC 7515 appendix A.1")
    func appendixA1() throws {
        let secret = try #require(
            Base64URL.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow".utf8))
        let verifier = TokenVerifier(try KeyRing([try #require(TokenKey(secret: secret))]))
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(try verifier.verify(token, now: 1_300_819_379).claims["iss"]?.string == "joe")
        #expect(verifier.refusal(token, now: 1_300_819_380) == .expired(at: 1_300_819_380))
    }

    @Test(
        "tokens of another library verify by each algorithm",
        arguments: [
            (
                SignatureAlgorithm.hs384,
                "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwibmFtZSI6IkJvYiIsImlhdCI6MTY2OTEwMDI3OCwiZXhwIjoxNjY5MTg2Njc4fQ.2udXP2Ut3L_krMeUNq1DP9DhPWxuCXuwAzQ1yTfo2ChX84jKXiGHQ1c8nwGHfryz"
            ),
            (
                .hs512,
                "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwibmFtZSI6IkJvYiIsImlhdCI6MTY2OTEwMDI3OCwiZXhwIjoxNjY5MTg2Njc4fQ.BD0nY_SrpB-CU-cPA8XdLL06lWsn_Kdk6i3FbR534stScXSJrPwRzSPbODS52epGLg6bQAtK_2HMX6_zIyHu5Q"
            ),
        ])
    func otherAlgorithms(algorithm: SignatureAlgorithm, token: String) throws {
        #expect(try TokenFixtures.verifier(TokenFixtures.key("mysecret", algorithm)).verify(token).user == "1")
        // The key pins its algorithm: the same secret under another one is not asked.
        #expect(try TokenFixtures.verifier().refusal(token) == .noKey)
    }

    @Test("a header's member order and white space do not matter to its reader")
    func headerForms() throws {
        let key = try TokenFixtures.key()
        for header in [#"{"alg":"HS256"}"#, #" { "typ" : "at+jwt", "cty": 1, "alg" : "\u0048S256" } "#] {
            #expect(try TokenFixtures.verifier().refusal(TokenFixtures.sign(header, "{}", with: key)) == nil)
        }
    }

    @Test(
        "alg none is refused in every spelling",
        arguments: ["none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "HS1", "ES256K"])
    func algorithmNone(name: String) throws {
        let verifier = try TokenFixtures.verifier()
        let signed = try TokenFixtures.sign(#"{"alg":"\#(name)"}"#, #"{"userId":1}"#, with: TokenFixtures.key())
        #expect(verifier.refusal(signed) == .unknownAlgorithm)
        let unsigned = signed.split(separator: ".").prefix(2).joined(separator: ".")
        #expect(verifier.refusal("\(unsigned).") == .notCompact)
        #expect(verifier.refusal(unsigned) == .notCompact)
    }

    @Test("CVE-2022-23541, key confusion: an RSA key's public half is no secret of HMAC")
    func publicKeyAsSecret() throws {
        let rsa = try KeyVectors.key(KeyVectors.rsaAppendixA2)
        let verifier = try TokenFixtures.verifier(rsa)
        for text in [KeyVectors.rsaAppendixA2, KeyVectors.pemEd25519Public] {
            let attacker = try TokenFixtures.key(text)
            #expect(verifier.refusal(try TokenFixtures.sign(#"{"alg":"HS256"}"#, "{}", with: attacker)) == .noKey)
            #expect(
                verifier.refusal(try TokenFixtures.sign(#"{"alg":"RS256"}"#, "{}", with: attacker)) == .badSignature)
        }
    }

    @Test("CVE-2022-23540, a key of one way is never asked for another")
    func otherWays() throws {
        let pinned = try KeyVectors.key(KeyVectors.rsa.replacing("{", with: #"{"alg":"PS256","#))
        let same = try KeyVectors.key(KeyVectors.rsa)
        let kid = "bilbo.baggins@hobbiton.example"
        let verifier = try TokenFixtures.verifier(pinned)
        #expect(
            verifier.refusal(try TokenFixtures.sign(#"{"alg":"RS256","kid":"\#(kid)"}"#, "{}", with: same)) == .noKey)
        #expect(
            verifier.refusal(try TokenFixtures.sign(#"{"alg":"PS256","kid":"\#(kid)"}"#, "{}", with: same))
                == .badSignature)
    }

    @Test("CVE-2022-21449, an ECDSA signature of zeros is none")
    func psychicSignature() throws {
        let key = try KeyVectors.key(KeyVectors.p256)
        let parts = try TokenFixtures.sign(#"{"alg":"ES256"}"#, "{}", with: key).split(separator: ".")
        for byte in [0, 0xff] as [UInt8] {
            let signature = Base64URL.encode(Array(repeating: byte, count: 64))
            let token = "\(parts[0]).\(parts[1]).\(String(decoding: signature, as: UTF8.self))"
            #expect(try TokenFixtures.verifier(key).refusal(token) == .badSignature)
        }
    }

    @Test("an ECDSA signature in DER is none: R and S stand side by side")
    func derSignature() throws {
        let key = try KeyVectors.key(KeyVectors.p256)
        let token = try TokenFixtures.sign(#"{"alg":"ES256"}"#, "{}", with: key)
        let parts = token.split(separator: ".")
        let pair = try #require(Base64URL.decode(parts[2].utf8))
        let number = { (bytes: ArraySlice<UInt8>) in [0x02, 33, 0] + Array(bytes) as [UInt8] }
        let body = number(pair[..<32]) + number(pair[32...])
        let der = String(decoding: Base64URL.encode([0x30, UInt8(body.count)] + body), as: UTF8.self)
        #expect(try TokenFixtures.verifier(key).refusal(token) == nil)
        #expect(try TokenFixtures.verifier(key).refusal("\(parts[0]).\(parts[1]).\(der)") == .badSignature)
    }

    @Test("a header without an algorithm, or with one that is no string, is refused")
    func algorithmMissing() throws {
        for header in ["{}", #"{"alg":null}"#, #"{"alg":["HS256"]}"#, #"{"ALG":"HS256"}"#] {
            let token = try TokenFixtures.sign(header, "{}", with: TokenFixtures.key())
            #expect(try TokenFixtures.verifier().refusal(token) == .invalidHeader(name: "alg"))
        }
    }

    @Test("any crit is refused, an empty one too", arguments: [#"["exp"]"#, "[]", "null", #""x""#])
    func crit(value: String) throws {
        let token = try TokenFixtures.sign(#"{"alg":"HS256","crit":\#(value)}"#, "{}", with: TokenFixtures.key())
        #expect(try TokenFixtures.verifier().refusal(token) == .criticalHeader)
    }

    @Test("b64 is refused, false or true", arguments: ["false", "true"])
    func unencodedPayload(value: String) throws {
        let token = try TokenFixtures.sign(#"{"alg":"HS256","b64":\#(value)}"#, "{}", with: TokenFixtures.key())
        #expect(try TokenFixtures.verifier().refusal(token) == .unencodedPayload)
    }

    @Test("a key that the token brings along is not obeyed", arguments: ["jku", "jwk", "x5u", "x5c"])
    func embeddedKeys(name: String) throws {
        let header = #"{"alg":"HS256","\#(name)":{"kty":"oct","k":"YXR0YWNrZXI"}}"#
        let verifier = try TokenFixtures.verifier()
        #expect(
            verifier.refusal(try TokenFixtures.sign(header, "{}", with: TokenFixtures.key("attacker"))) == .badSignature
        )
        #expect(verifier.refusal(try TokenFixtures.sign(header, "{}", with: TokenFixtures.key())) == nil)
    }

    @Test("a token with a kid is tried on the key of that kid alone, one without on the keys without")
    func keyIDs() throws {
        let named = try TokenFixtures.key("one", id: "k1")
        let other = try TokenFixtures.key("two", id: "k2")
        let nameless = try TokenFixtures.key("three")
        let verifier = try TokenFixtures.verifier(named, other, nameless)
        let header = #"{"alg":"HS256","kid":"k1"}"#
        #expect(verifier.refusal(try TokenFixtures.sign(header, "{}", with: named)) == nil)
        #expect(verifier.refusal(try TokenFixtures.sign(header, "{}", with: other)) == .badSignature)
        #expect(verifier.refusal(try TokenFixtures.sign(header, "{}", with: nameless)) == .badSignature)
        #expect(verifier.refusal(try TokenFixtures.sign(#"{"alg":"HS256"}"#, "{}", with: nameless)) == nil)
        #expect(verifier.refusal(try TokenFixtures.sign(#"{"alg":"HS256"}"#, "{}", with: named)) == .badSignature)
        for kid in [#""k3""#, #""""#, #""../../dev/null""#, #""K1""#] {
            let unknown = try TokenFixtures.sign(#"{"alg":"HS256","kid":\#(kid)}"#, "{}", with: named)
            #expect(verifier.refusal(unknown) == .noKey)
        }
        let notText = try TokenFixtures.sign(#"{"alg":"HS256","kid":1}"#, "{}", with: named)
        #expect(verifier.refusal(notText) == .invalidHeader(name: "kid"))
        let onlyNamed = try TokenFixtures.verifier(named)
        #expect(onlyNamed.refusal(try TokenFixtures.sign(#"{"alg":"HS256"}"#, "{}", with: named)) == .noKey)
    }

    @Test("a signature of another key, another text or another length is refused")
    func signatures() throws {
        let verifier = try TokenFixtures.verifier()
        #expect(
            try TokenFixtures.verifier(TokenFixtures.key("Mysecret")).refusal(TokenFixtures.tutorial) == .badSignature)
        let parts = TokenFixtures.tutorial.split(separator: ".")
        #expect(verifier.refusal("\(parts[0]).e30.\(parts[2])") == .badSignature)
        #expect(verifier.refusal("\(parts[0]).\(parts[1]).\(parts[2].prefix(42))") != nil)
        #expect(verifier.refusal("\(parts[0]).\(parts[1]).AAAA") == .badSignature)
    }

    @Test("a changed bit anywhere in a token is noticed")
    func everyByteCounts() throws {
        let verifier = try TokenFixtures.verifier()
        let good = Array(TokenFixtures.tutorial.utf8)
        #expect(verifier.refusal(TokenFixtures.tutorial) == nil)
        for index in good.indices {
            var changed = good
            changed[index] ^= 1
            #expect(verifier.refusal(String(decoding: changed, as: UTF8.self)) != nil, "byte \(index)")
        }
    }

    @Test("what is not the compact form is refused")
    func compactForm() throws {
        let verifier = try TokenFixtures.verifier()
        for token in ["", ".", "..", "...", "a.b", "a.b.c.d", "a.b.c.d.e", ".b.c", "a..c", "a.b."] {
            #expect(verifier.refusal(token) == .notCompact, "\(token)")
        }
        #expect(verifier.refusal(#"{"payload":"e30","signature":"AA"}"#) == .notCompact)
        #expect(verifier.refusal(String(repeating: "a", count: 16 << 10)) == .notCompact)
        #expect(verifier.refusal(String(repeating: "a", count: 16 << 10 + 1)) == .tooLong)
    }

    @Test("base64 that is not strict is refused in each part")
    func strictParts() throws {
        let verifier = try TokenFixtures.verifier()
        let parts = TokenFixtures.tutorial.split(separator: ".").map(String.init)
        for (index, part) in parts.enumerated() {
            for change in ["\(part)=", " \(part)", "\(part)\n", "+\(part.dropFirst())"] {
                var changed = parts
                changed[index] = change
                #expect(verifier.refusal(changed.joined(separator: ".")) != nil, "part \(index): \(change)")
            }
        }
        // A signature's last letter with bits that no byte holds is a second spelling of the same bytes.
        #expect(verifier.refusal(String(TokenFixtures.tutorial.dropLast()) + "R") == .notBase64URL)
    }

    @Test("a payload must be one strict JSON object")
    func payloads() throws {
        for payload in ["[]", #""x""#, "1", "null", "", #"{"userId":1,"userId":2}"#, "{} ."] {
            let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key())
            #expect(try TokenFixtures.verifier().refusal(token) != nil, "\(payload)")
        }
    }
}
