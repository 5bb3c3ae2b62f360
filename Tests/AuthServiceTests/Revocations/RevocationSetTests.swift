import Shared
import Testing

@testable import AuthService

@Suite("Revocations")
struct RevocationSetTests {
    private func token(_ payload: String, key: String? = nil, signed: String = "a.b") throws -> VerifiedToken {
        let claims = try StrictJSON.parseObject(Array(payload.utf8))
        return VerifiedToken(
            claims: claims, payload: "", expiry: try NumericDate.read("exp", in: claims), keyID: key,
            signingInput: Array(signed.utf8)[...])
    }

    private func refuses(_ revocation: Revocation, _ token: VerifiedToken) -> Bool {
        RevocationSet([revocation]).refuses(token)
    }

    @Test("by jti, session and key, each by the whole name")
    func names() throws {
        let payload = #"{"jti":"j","sid":"s","userId":1,"iat":10}"#
        for kind in [Revocation.Kind.id, .session, .key] {
            let name = kind == .id ? "j" : kind == .session ? "s" : "k"
            #expect(try refuses(Revocation(kind, name, made: 0), token(payload, key: "k")))
            #expect(try !refuses(Revocation(kind, "\(name)2", made: 0), token(payload, key: "k")))
            #expect(try !refuses(Revocation(kind, name, made: 0), token("{}")))
        }
    }

    @Test("by user: what was made up to then, and what does not say when it was made")
    func users() throws {
        let revocation = Revocation(.user, "1", made: 10)
        for payload in [
            #"{"userId":1,"iat":9}"#, #"{"userId":1,"iat":10}"#, #"{"userId":"1","iat":10}"#, #"{"sub":"1","iat":3}"#,
            #"{"userId":1}"#,
        ] {
            #expect(try refuses(revocation, token(payload)), "\(payload)")
        }
        for payload in [#"{"userId":1,"iat":11}"#, #"{"userId":2,"iat":9}"#, "{}", #"{"userId":2,"sub":"1","iat":1}"#] {
            #expect(try !refuses(revocation, token(payload)), "\(payload)")
        }
    }

    @Test("one token without a name: by what its signature is over, so that another signature does not help")
    func oneToken() throws {
        let key = try KeyVectors.key(KeyVectors.p256)
        let verifier = try TokenFixtures.verifier(key)
        let text = try TokenFixtures.sign(#"{"alg":"ES256"}"#, #"{"userId":1,"exp":2000000000}"#, with: key)
        let again = try TokenFixtures.sign(#"{"alg":"ES256"}"#, #"{"userId":1,"exp":2000000000}"#, with: key)
        let other = try TokenFixtures.sign(#"{"alg":"ES256"}"#, #"{"userId":1,"exp":2000000001}"#, with: key)
        #expect(text != again)
        let revocation = try #require(Revocation(of: verifier.verify(text), now: 5))
        #expect(revocation.kind == .token && revocation.expires == 2_000_000_000 && revocation.user == "1")
        #expect(try refuses(revocation, verifier.verify(text)))
        #expect(try refuses(revocation, verifier.verify(again)))
        #expect(try !refuses(revocation, verifier.verify(other)))
        let named = try #require(try Revocation(of: token(#"{"jti":"j","exp":9.5}"#), now: 5))
        #expect(named == Revocation(.id, "j", made: 5, expires: 10))
    }

    @Test("what has expired is left out, and what nobody knows the end of stays")
    func expiry() throws {
        var set = RevocationSet([
            Revocation(.id, "a", made: 0, expires: 10), Revocation(.id, "b", made: 0), Revocation(.id, "b", made: 1),
        ])
        #expect(set.count == 2)
        set.removeExpired(now: 9)
        #expect(set.count == 2)
        set.removeExpired(now: 10)
        #expect(set.count == 1)
        #expect(set.refuses(try token(#"{"jti":"b"}"#)))
    }
}
