import Shared
import Testing

@testable import AuthService

/// Tokens that jwt-kit 5.7.1 made with published keys (`Tests/Interop` makes new ones): what it writes of dates, and where
/// it puts its members, is its own.
@Suite("Tokens of jwt-kit")
struct JWTKitVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let algorithm: SignatureAlgorithm
        let jwk: String
        let token: String
        var testDescription: String { algorithm.rawValue }
    }

    static let vectors = [
        Vector(
            algorithm: .hs256, jwk: KeyVectors.secret,
            token:
                "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6Imp3dC1raXQifQ.eyJuYW1lIjoiQm9iIiwiZXhwIjo5OTk5OTk5OTk5LCJpYXQiOjE2NjkxMDAyNzgsInVzZXJJZCI6MSwibG9jYXRpb24iOiJVU0EifQ.paItKEAKX-tcOKwA3aRW5gA4wRujiYxsEoeeWjW_pv4"
        ),
        Vector(
            algorithm: .rs256, jwk: KeyVectors.rsa,
            token:
                "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6Imp3dC1raXQifQ.eyJuYW1lIjoiQm9iIiwiaWF0IjoxNjY5MTAwMjc4LCJ1c2VySWQiOjEsImV4cCI6OTk5OTk5OTk5OSwibG9jYXRpb24iOiJVU0EifQ.nxpqvq9jgRHVYgbVFDhWR2E7b-IJQYXNboj28rcUNsb9xm6kafQXp6QrL6xAd1UbbSrsoPEDC4aR7b58xguqGMU-3neZ8uM_g3L3PGOcR9Lmw_Lamz37cy3HABhkH2CW0gB5rcDQZsJJXOpizlnzFxKSi8un7TWa7UspphPCUcaBetHMcnZJk1ut38TrJBQcEk0qtITPK1r4sEBP7bJz8vieB2TAhTbYTTABymxXSktm23JaXzeEQsvMTnGJaGj5gM2g3nD3rMLV5rK6osGNw8uOmeLD5wvZvTbnvCrkr_s4ctKWg4YMotuXNrCT6jKW9BqHWzSJrbhKE2E0jRf9UQ"
        ),
        Vector(
            algorithm: .ps256, jwk: KeyVectors.rsa,
            token:
                "eyJhbGciOiJQUzI1NiIsImtpZCI6Imp3dC1raXQiLCJ0eXAiOiJKV1QifQ.eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwibmFtZSI6IkJvYiIsImV4cCI6OTk5OTk5OTk5OSwiaWF0IjoxNjY5MTAwMjc4fQ.SsahLGukq7UQI-rffoD_mKshLg6rUx6kEZ7CEGOK2jQdUnAj72jEMF6jSaVzjndv_J5dXwtufpROGgdNcjW82nyECt5mJJ6FJDL3U6adQC7RiLM5-m9hQCX3eGVo4bq_927_F9bubcqI4Cil9nshg-86UDaun2DBnI-w3HXai6LqUHttqHz00J_9-ovV1HMpbTzQfqe-dvVoAd45saV9NI7QekINtG1Kzoio_WYPf1AC8pmBBQfjywavVXVKNi1yc7j2-badxFSnUG-dVLlhQ1XjczDFX0uXr3SwSmzTY4j9VGhMXE9GlW9RyOGB1RcLkaliUZLzfT3fXR_tRsd55Q"
        ),
        Vector(
            algorithm: .ps384, jwk: KeyVectors.rsa,
            token:
                "eyJhbGciOiJQUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6Imp3dC1raXQifQ.eyJuYW1lIjoiQm9iIiwiaWF0IjoxNjY5MTAwMjc4LCJleHAiOjk5OTk5OTk5OTksInVzZXJJZCI6MSwibG9jYXRpb24iOiJVU0EifQ.Wxo9ke3rSWoc4Uvh1CEeCaobTW0LAmiLtUy87SUK4AH3jx4nC5Qz4OiA68tvkhLTRztmHBVebz2b3y0SaNmUV80uJLBzpryJLZ-cSG-KqKoYwSpiD1ZM07nmK_3JQNYs9Lu7Jthjgu5tA5fTPjhgu8cdZHdjxuxC8t2yiQ3ridOH4MdluQmMrtVLP0PFo_cuW8bCB4u_M7fniUHoQrBeQQK4nsHNmkkaCjx84fSOT5RoaI2UJZdIyM1VmojitVi4NLrAccA8OUOWiuTOU5vP1NyQthdiqcTpdnnPty97fO6C7otLY_4ng86ui6f5bFscRO8Lfcp-22HwWqDRbCXCZA"
        ),
        Vector(
            algorithm: .es256, jwk: KeyVectors.p256,
            token:
                "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiIsImtpZCI6Imp3dC1raXQifQ.eyJuYW1lIjoiQm9iIiwiaWF0IjoxNjY5MTAwMjc4LCJsb2NhdGlvbiI6IlVTQSIsImV4cCI6OTk5OTk5OTk5OSwidXNlcklkIjoxfQ.pHkJl5eucofn1fhcKNe0iSmzO7gJBhwf7-qTMmAYozR01EwAW0rRfxN6YWOw-4xCBMhn4StWmzBS2rBdHxYy4w"
        ),
        Vector(
            algorithm: .es512, jwk: KeyVectors.p521,
            token:
                "eyJhbGciOiJFUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6Imp3dC1raXQifQ.eyJsb2NhdGlvbiI6IlVTQSIsImV4cCI6OTk5OTk5OTk5OSwiaWF0IjoxNjY5MTAwMjc4LCJuYW1lIjoiQm9iIiwidXNlcklkIjoxfQ.AK7sQuDt7E2dj7v4PbVcHNvrNB_dcivIEqPvZCJ9I8GcQcFjlSDoYv-XPaoROYppmaAFfQCXtdLV0D7ztv4kASH3AEUdWiahGSdWaa7qIgIJYVbcd9U2GbvzFh_Pz3xKf_PepIdC5zQvERSIkGRBYZCVUrYFHpirg5OKqop9F4m9mX47"
        ),
        Vector(
            algorithm: .eddsa, jwk: KeyVectors.ed25519,
            token:
                "eyJraWQiOiJqd3Qta2l0IiwiYWxnIjoiRWREU0EiLCJ0eXAiOiJKV1QifQ.eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwiZXhwIjo5OTk5OTk5OTk5LCJuYW1lIjoiQm9iIiwiaWF0IjoxNjY5MTAwMjc4fQ.7HwU4S4gCJdk6WUJKnrKt791RbmESZW8aNdbaK11OHTdChk-scjOjPR3CvlKlANgbrkREF98jrnBqKQOMJnZAw"
        ),
    ]

    private func verifier(_ vector: Vector, _ algorithm: SignatureAlgorithm) throws -> TokenVerifier {
        let jwk = vector.jwk.replacing(/"(kid|alg)":"[^"]*",/, with: "")
            .replacing("{", with: #"{"kid":"jwt-kit","alg":"\#(algorithm.rawValue)","#, maxReplacements: 1)
        return try TokenFixtures.verifier(KeyVectors.key(jwk))
    }

    @Test("are good by each algorithm, and say what they said", arguments: vectors)
    func good(vector: Vector) throws {
        let verified = try verifier(vector, vector.algorithm).verify(vector.token)
        #expect(verified.user == "1")
        #expect(verified.expiry == 9_999_999_999)
        #expect(verified.claims["name"]?.string == "Bob")
    }

    @Test("are refused for the other algorithm of their key's type, and with a letter changed", arguments: vectors)
    func refused(vector: Vector) throws {
        let verifier = try verifier(vector, vector.algorithm)
        let parts = vector.token.split(separator: ".").map(String.init)
        let other = parts[2].hasPrefix("A") ? "B" : "A"
        #expect(verifier.refusal("\(parts[0]).\(parts[1]).\(other)\(parts[2].dropFirst())") == .badSignature)
        guard vector.jwk == KeyVectors.rsa else { return }
        let way: SignatureAlgorithm = vector.algorithm == .rs256 ? .ps256 : .rs256
        #expect(try self.verifier(vector, way).refusal(vector.token) == .noKey)
    }
}
