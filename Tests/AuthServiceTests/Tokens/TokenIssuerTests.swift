import Shared
import Testing

@testable import AuthService

@Suite("Token issuer")
struct TokenIssuerTests {
    private func parts(_ token: [UInt8]) throws -> [String] {
        token.split(separator: UInt8(ascii: ".")).map {
            String(decoding: Base64URL.decode($0) ?? [], as: UTF8.self)
        }
    }

    @Test("a login at the tutorial's time gives the tutorial's token, byte for byte")
    func tutorialToken() throws {
        let issuer = TokenIssuer(try KeyRing([TokenFixtures.key()]), lifetime: 86400)
        let token = try issuer.token(for: TokenFixtures.bob, now: TokenFixtures.issued)
        #expect(String(decoding: token, as: UTF8.self) == TokenFixtures.tutorial)
    }

    @Test("kid stands last in the header where the key has one")
    func keyID() throws {
        let issuer = TokenIssuer(try KeyRing([TokenFixtures.key(id: "a\"b")]), lifetime: 60)
        #expect(
            try parts(issuer.token(for: TokenFixtures.bob, now: 1))[0] == #"{"alg":"HS256","typ":"JWT","kid":"a\"b"}"#)
    }

    @Test("the lifetime lies between iat and exp")
    func lifetime() throws {
        let issuer = TokenIssuer(try KeyRing([TokenFixtures.key("s", .hs512)]), lifetime: 60)
        let parts = try parts(issuer.token(for: TokenFixtures.bob, now: 1000))
        #expect(parts[0] == #"{"alg":"HS512","typ":"JWT"}"#)
        #expect(parts[1] == #"{"userId":1,"location":"USA","name":"Bob","iat":1000,"exp":1060}"#)
    }

    @Test("what is issued verifies, whatever an account is called")
    func roundTrip() throws {
        let key = try TokenFixtures.key("s", .hs384, id: "\u{e9}\n")
        let name = "Zo\u{eb} \"\\\u{7}\u{1f600}"
        let account = Account(id: .max, username: "zoe", name: name, location: "")
        let token = try TokenIssuer(KeyRing([key]), lifetime: 10).token(for: account, now: 5)
        let verified = try TokenFixtures.verifier(key).verify(token[...], now: 14)
        #expect(verified.claims["name"]?.string == name)
        #expect(verified.user == "9223372036854775807")
    }

    @Test("every algorithm signs what it verifies", arguments: SignatureAlgorithm.allCases)
    func everyAlgorithm(algorithm: SignatureAlgorithm) throws {
        let made = try #require(NewKey(algorithm, id: "k", times: KeyTimes(), now: 0))
        let key = try KeyVectors.key(String(decoding: made.text, as: UTF8.self))
        #expect(key.algorithm == algorithm)
        let token = try TokenIssuer(KeyRing([key]), lifetime: 10).token(for: TokenFixtures.bob, now: 5)
        #expect(try TokenFixtures.verifier(key).verify(token[...], now: 14).user == "1")
        let other = try #require(NewKey(algorithm, id: "k", times: KeyTimes(), now: 0))
        let verifier = try TokenFixtures.verifier(KeyVectors.key(String(decoding: other.text, as: UTF8.self)))
        #expect(throws: TokenError.badSignature) { try verifier.verify(token[...], now: 14) }
    }

    @Test("a new key signs when its time has come, and the one before it verifies until it ends")
    func rotation() throws {
        let key = { (id: String, times: KeyTimes) in
            try #require(TokenKey(secret: Array(id.utf8), id: id, times: times))
        }
        let ring = try KeyRing([key("old", KeyTimes(ends: 1100)), key("new", KeyTimes(signsFrom: 1000))])
        let issuer = TokenIssuer(ring, lifetime: 100)
        let verifier = TokenVerifier(ring)
        let last = try issuer.token(for: TokenFixtures.bob, now: 999)
        #expect(try parts(last)[0].contains(#""kid":"old""#))
        #expect(try parts(issuer.token(for: TokenFixtures.bob, now: 1000))[0].contains(#""kid":"new""#))
        #expect(try verifier.verify(last[...], now: 1098).user == "1")
        // Who holds the old key makes tokens of any length: none is good after its end.
        let forged = try TokenFixtures.sign(#"{"alg":"HS256","kid":"old"}"#, #"{"userId":1}"#, with: ring.keys[0])
        #expect(verifier.refusal(forged, now: 1099) == nil)
        #expect(verifier.refusal(forged, now: 1100) == .keyEnded)
    }

    @Test("of two keys of one moment the one without an end signs")
    func sameMoment() throws {
        let old = try #require(TokenKey(secret: [1], times: KeyTimes(signsFrom: 10, ends: 500)))
        let new = try #require(TokenKey(secret: [2], id: "b", times: KeyTimes(signsFrom: 10)))
        #expect(try KeyRing([old, new]).signing(at: 20, lifetime: 60) == 1)
        #expect(try KeyRing([new, old]).signing(at: 20, lifetime: 60) == 0)
    }

    @Test("a token never outlives its key, and without a key that signs there is none")
    func endingKey() throws {
        let key = try #require(TokenKey(secret: [1], times: KeyTimes(signsFrom: 10, ends: 50)))
        let issuer = TokenIssuer(try KeyRing([key]), lifetime: 100)
        #expect(try parts(issuer.token(for: TokenFixtures.bob, now: 10))[1].hasSuffix(#""exp":50}"#))
        for now in [9, 50] as [Int64] {
            #expect(throws: TokenIssuer.Failure.noKey) { try issuer.token(for: TokenFixtures.bob, now: now) }
        }
        let verifies = TokenIssuer(try KeyRing([KeyVectors.key(KeyVectors.rsaAppendixA2)]), lifetime: 100)
        #expect(throws: TokenIssuer.Failure.noKey) { try verifies.token(for: TokenFixtures.bob, now: 10) }
    }
}
