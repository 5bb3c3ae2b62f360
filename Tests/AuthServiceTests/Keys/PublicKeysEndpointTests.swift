import Shared
import Testing

@testable import AuthService

@Suite("Public keys")
struct PublicKeysEndpointTests {
    private func answer(_ keys: TokenKey..., now: Int64 = 0) throws -> ServiceResponse {
        PublicKeysEndpoint(
            keys: LiveKeys(try KeyRing(keys), tokenLifetime: 60), maxAge: 300, now: { now }
        ).answer()
    }

    @Test("the public halves, without secrets and without what has ended")
    func publicHalves() throws {
        let keys = [
            try KeyVectors.key(KeyVectors.rsa), try KeyVectors.key(KeyVectors.secret),
            try KeyVectors.key(KeyVectors.p256.replacing("{", with: #"{"kid":"e","exp":100,"nbf":90,"#)),
        ]
        let ring = LiveKeys(try KeyRing(keys), tokenLifetime: 60)
        let text = { (now: Int64) in PublicKeysEndpoint(keys: ring, maxAge: 300, now: { now }).answer().text }
        let rsa =
            #"{"kty":"RSA",\#(KeyVectors.rsaNumbers),"kid":"bilbo.baggins@hobbiton.example","use":"sig","alg":"RS256"}"#
        let ec =
            #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"e","use":"sig","alg":"ES256"}"#
        // Published before it signs.
        #expect(text(0) == #"{"keys":[\#(rsa),\#(ec)]}"#)
        #expect(text(100) == #"{"keys":[\#(rsa)]}"#)
    }

    @Test("a shared secret alone leaves an empty set")
    func secretAlone() throws {
        let response = try answer(KeyVectors.key(KeyVectors.secret))
        #expect(response.status == 200)
        #expect(response.text == #"{"keys":[]}"#)
        #expect(response.field("Content-Type") == "application/jwk-set+json")
        #expect(response.field("Cache-Control") == "public, max-age=300")
    }

    @Test("what is published reads as a key file that verifies and does not sign")
    func roundTrip() throws {
        let text = try answer(KeyVectors.key(KeyVectors.ed25519), KeyVectors.key(KeyVectors.p521)).text
        let file = try KeyFile(Array(text.utf8))
        #expect(!file.isSecret)
        #expect(file.keys.map(\.algorithm) == [.eddsa, .es512])
        #expect(file.keys.allSatisfy { !$0.canSign })
    }
}
