import Shared
import Testing

@testable import AuthService

/// The rules on `exp`, `nbf` and `iat`, each at its border.
@Suite("Times in a token")
struct TokenTimesTests {
    private func refusal(_ payload: String, now: Int64) throws -> TokenError? {
        let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key())
        return try TokenFixtures.verifier().refusal(token, now: now)
    }

    @Test("expired from exp on, without leeway")
    func expiry() throws {
        #expect(try refusal(#"{"exp":1000}"#, now: 999) == nil)
        #expect(try refusal(#"{"exp":1000}"#, now: 1000) == .expired(at: 1000))
        #expect(try refusal(#"{"exp":1000.5}"#, now: 1000) == nil)
        #expect(try refusal(#"{"exp":1000.5}"#, now: 1001) == .expired(at: 1000.5))
        #expect(try refusal(#"{"exp":1e3}"#, now: 999) == nil)
        #expect(try refusal(#"{"exp":0}"#, now: 0) == .expired(at: 0))
    }

    @Test("a token without exp is good at any time")
    func noExpiry() throws {
        #expect(try refusal("{}", now: .max) == nil)
    }

    @Test("not valid before nbf, without leeway")
    func notBefore() throws {
        #expect(try refusal(#"{"nbf":1000}"#, now: 1000) == nil)
        #expect(try refusal(#"{"nbf":1000}"#, now: 999) == .notYetValid(until: 1000))
        #expect(try refusal(#"{"nbf":1000.5}"#, now: 1000) == .notYetValid(until: 1000.5))
    }

    @Test("an iat that lies ahead refuses nothing")
    func issuedAhead() throws {
        #expect(try refusal(#"{"iat":2000}"#, now: 1000) == nil)
    }

    @Test("times that are no number within bounds are refused", arguments: ["exp", "nbf", "iat"])
    func notNumbers(name: String) throws {
        for value in [#""2000""#, "null", "true", "[2000]", "{}", "-1", "-0.5", "1e300", "9007199254740992.5"] {
            #expect(try refusal(#"{"\#(name)":\#(value)}"#, now: 1000) == .invalidClaim(name: name), "\(value)")
        }
    }

    @Test("the latest time that counts is the last exact one")
    func latest() throws {
        #expect(try refusal(#"{"exp":9007199254740991}"#, now: 1000) == nil)
        #expect(try refusal(#"{"exp":9007199254740992}"#, now: 1000) == .invalidClaim(name: "exp"))
        #expect(try refusal(#"{"exp":9223372036854775807}"#, now: 1000) == .invalidClaim(name: "exp"))
    }
}
