import Shared
import Testing

@testable import AuthService

@Suite("GET /verify")
struct VerifyEndpointTests {
    private let revocations = LiveRevocations()

    private func answer(_ fields: [(String, String)], now: Int64 = TokenFixtures.issued) throws -> ServiceResponse {
        let endpoint = VerifyEndpoint(
            keys: try TokenFixtures.live(), revocations: revocations, lifetime: VerdictLifetime(good: 60, refused: 5),
            now: { now }
        ).endpoint
        #expect(endpoint.method == .get)
        #expect(endpoint.pattern == "/verify")
        guard case .immediate(let handler) = endpoint.handler else { throw NotImmediate() }
        return handler(ServiceRequest(.get, "/verify", fields: fields))
    }

    private struct NotImmediate: Error {}

    @Test("a good token: who, the payload as it stood, and how long that holds")
    func good() throws {
        let response = try answer([("authorization", "Bearer \(TokenFixtures.tutorial)")])
        #expect(response.status == 200)
        #expect(response.field("Postern-User") == "1")
        #expect(response.field("Postern-Claims") == TokenFixtures.tutorial.split(separator: ".").map(String.init)[1])
        #expect(response.field("Cache-Control") == "private, max-age=60")
        #expect(response.field("Postern-Expires") == "\(TokenFixtures.expiry)")
        #expect(response.body.isEmpty)
    }

    @Test("a verdict never outlives its token")
    func nearExpiry() throws {
        let authorization = [("Authorization", "Bearer \(TokenFixtures.tutorial)")]
        #expect(try answer(authorization, now: TokenFixtures.expiry - 7).field("Cache-Control") == "private, max-age=7")
        #expect(try answer(authorization, now: TokenFixtures.expiry).status == 401)
    }

    @Test("without an Authorization header, or with an empty one")
    func missing() throws {
        for fields in [[], [("Authorization", "")]] {
            let response = try answer(fields)
            #expect(response.status == 401)
            #expect(response.text == #"{"error":"The authorization header is required"}"#)
            #expect(response.field("WWW-Authenticate") == "Bearer")
            #expect(response.field("Cache-Control") == "no-store")
        }
    }

    @Test("credentials that do not verify")
    func refused() throws {
        let tutorial = TokenFixtures.tutorial
        for values in [
            ["Bearer: invalid"], ["Bearer x"], ["Bearer \(tutorial)A"], ["Bearer \(tutorial)", "Bearer \(tutorial)"],
        ] {
            let response = try answer(values.map { ("Authorization", $0) })
            #expect(response.status == 401)
            #expect(response.text == #"{"error":"Unauthorized"}"#)
            #expect(response.field("WWW-Authenticate") == #"Bearer error="invalid_token""#)
            #expect(response.field("Cache-Control") == "private, max-age=5")
            #expect(response.field("Content-Type") == "application/json; charset=utf-8")
            #expect(response.field("Postern-User") == nil)
        }
    }

    @Test("a token without userId and sub is good and says nothing of a user")
    func noUser() throws {
        let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, #"{"role":"x"}"#, with: TokenFixtures.key())
        let response = try answer([("Authorization", "Bearer \(token)")])
        #expect(response.status == 200)
        #expect(response.field("Postern-User") == nil)
        #expect(response.field("Postern-Claims") == "eyJyb2xlIjoieCJ9")
        #expect(response.field("Postern-Expires") == nil)
    }

    @Test("a revoked token is refused from then on")
    func revoked() throws {
        let authorization = [("Authorization", "Bearer \(TokenFixtures.tutorial)")]
        #expect(try answer(authorization).status == 200)
        revocations.add([Revocation(.user, "1", made: TokenFixtures.issued)], now: TokenFixtures.issued)
        let response = try answer(authorization)
        #expect(response.status == 401)
        #expect(response.field("WWW-Authenticate") == #"Bearer error="invalid_token""#)
    }

    @Test("an end with a fraction is told rounded down: nothing that was begun outlives the token")
    func fraction() throws {
        let payload = #"{"exp":\#(TokenFixtures.expiry).75}"#
        let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: TokenFixtures.key())
        #expect(
            try answer([("Authorization", "Bearer \(token)")]).field("Postern-Expires") == "\(TokenFixtures.expiry)")
    }
}
