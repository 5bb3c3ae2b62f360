import Shared
import Testing

@testable import AuthService

/// Other texts for a token that is good: there is one, and no other.
@Suite("Attacks on the form of a token")
struct FormAttackTests {
    private let verifier: TokenVerifier

    init() throws { verifier = try TokenFixtures.verifier() }

    @Test("the JSON serializations (RFC 7515 section 7.2), flattened and general, are not read")
    func jsonSerializations() {
        let parts = Forgery.parts
        for text in [
            #"{"protected":"\#(parts[0])","payload":"\#(parts[1])","signature":"\#(parts[2])"}"#,
            #"{"payload":"\#(parts[1])","signatures":[{"protected":"\#(parts[0])","signature":"\#(parts[2])"}]}"#,
            #"{"  \#(parts[0]).\#(parts[1]).\#(parts[2])":1}"#,
        ] {
            #expect(verifier.refusal(text) != nil)
        }
    }

    @Test("a detached payload (RFC 7515 appendix F) is none")
    func detachedPayload() {
        #expect(verifier.refusal("\(Forgery.parts[0])..\(Forgery.parts[2])") == .notCompact)
    }

    @Test("five parts are an encrypted token (RFC 7516), four are nothing: neither is read")
    func otherCountsOfParts() {
        let token = TokenFixtures.tutorial
        for text in ["\(token).", ".\(token)", "\(token).\(Forgery.parts[2])", "\(token).a.b", "a.b.c.d.e", "a.b.c.d"] {
            #expect(verifier.refusal(text) == .notCompact)
        }
    }

    @Test("a nested token (RFC 7519 section 5.2): what is inside is not opened, with or without cty")
    func nestedToken() throws {
        for header in [#"{"alg":"HS256","cty":"JWT"}"#, #"{"alg":"HS256"}"#] {
            let token = try TokenFixtures.sign(header, TokenFixtures.tutorial, with: TokenFixtures.key())
            #expect(verifier.refusal(token)?.isMalformedPayload == true)
            let quoted = try TokenFixtures.sign(header, "\"\(TokenFixtures.tutorial)\"", with: TokenFixtures.key())
            #expect(verifier.refusal(quoted)?.isMalformedPayload == true)
        }
    }

    @Test("malleable base64: no part has a second spelling, by padding, by the other alphabet, by space, by stray bits")
    func secondSpellings() throws {
        #expect(verifier.refusal(TokenFixtures.tutorial) == nil)
        let inserted = ["=", "==", "\n", "\r\n", " ", "\t", "\0", "%3D", "\u{feff}"]
        for (index, part) in Forgery.parts.enumerated() {
            var spellings = inserted.flatMap { [part + $0, $0 + part] }
            spellings.append(part.replacing("-", with: "+").replacing("_", with: "/"))
            spellings.append("\(part.prefix(4))\n\(part.dropFirst(4))")
            for spelling in spellings where spelling != part {
                var parts = Forgery.parts
                parts[index] = spelling
                #expect(verifier.refusal(parts.joined(separator: ".")) != nil, "part \(index): \(spelling)")
            }
        }
    }

    @Test("every other last letter of every part is refused: the bits that no byte holds must be zero")
    func lastLetters() throws {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for payload in ["{}", #"{"a":1}"#, #"{"ab":1}"#] {
            let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key())
            #expect(verifier.refusal(token) == nil)
            let parts = token.split(separator: ".").map(String.init)
            for index in parts.indices {
                for letter in letters where letter != parts[index].last {
                    var changed = parts
                    changed[index] = String(parts[index].dropLast()) + String(letter)
                    #expect(verifier.refusal(changed.joined(separator: ".")) != nil)
                }
            }
        }
    }

    @Test("a token of more than 16384 bytes is not looked at, however good")
    func tooLong() throws {
        let payload = #"{"x":"\#(String(repeating: "a", count: 12 << 10))"}"#
        let long = try TokenFixtures.sign(
            #"{"alg":"HS256"}"#, payload + String(repeating: " ", count: 100), with: TokenFixtures.key())
        #expect(long.utf8.count > CompactSerialization.longest)
        #expect(verifier.refusal(long) == .tooLong)
        let short = try TokenFixtures.sign(
            #"{"alg":"HS256"}"#, String(payload.dropFirst(100)), with: TokenFixtures.key())
        #expect(verifier.refusal(short) != .tooLong)
    }
}
