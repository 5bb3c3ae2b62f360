import Shared
import Testing

@testable import AuthService

@Suite("Token issuer")
struct TokenIssuerTests {
    private func parts(_ token: [UInt8]?) throws -> [String] {
        try #require(token).split(separator: UInt8(ascii: ".")).map {
            String(decoding: Base64URL.decode($0) ?? [], as: UTF8.self)
        }
    }

    @Test("a login at the tutorial's time gives the tutorial's token, byte for byte")
    func tutorialToken() throws {
        let issuer = TokenIssuer(key: try TokenFixtures.key(), lifetime: 86400)
        let token = try #require(issuer.token(for: TokenFixtures.bob, now: TokenFixtures.issued))
        #expect(String(decoding: token, as: UTF8.self) == TokenFixtures.tutorial)
    }

    @Test("kid stands last in the header where the key has one")
    func keyID() throws {
        let issuer = TokenIssuer(key: try TokenFixtures.key(id: "a\"b"), lifetime: 60)
        #expect(
            try parts(issuer.token(for: TokenFixtures.bob, now: 1))[0] == #"{"alg":"HS256","typ":"JWT","kid":"a\"b"}"#)
    }

    @Test("the lifetime lies between iat and exp")
    func lifetime() throws {
        let issuer = TokenIssuer(key: try TokenFixtures.key("s", .hs512), lifetime: 60)
        let parts = try parts(issuer.token(for: TokenFixtures.bob, now: 1000))
        #expect(parts[0] == #"{"alg":"HS512","typ":"JWT"}"#)
        #expect(parts[1] == #"{"userId":1,"location":"USA","name":"Bob","iat":1000,"exp":1060}"#)
    }

    @Test("what is issued verifies, whatever an account is called")
    func roundTrip() throws {
        let key = try TokenFixtures.key("s", .hs384, id: "\u{e9}\n")
        let name = "Zo\u{eb} \"\\\u{7}\u{1f600}"
        let account = Account(id: .max, username: "zoe", name: name, location: "")
        let token = try #require(TokenIssuer(key: key, lifetime: 10).token(for: account, now: 5))
        let verified = try TokenFixtures.verifier(key).verify(token[...], now: 14)
        #expect(verified.claims["name"]?.string == name)
        #expect(verified.user == "9223372036854775807")
    }
}
