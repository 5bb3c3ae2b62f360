import Shared
import Testing

@testable import AuthService

/// The tokens that RFC 7519 prints, as a verifier of signed tokens must take or refuse them.
@Suite("Examples of RFC 7519")
struct RFC7519ExampleTests {
    /// Of RFC 7515 appendix A.1.
    private static let secret =
        #"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#
    private static let joe =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    private func verifier() throws -> TokenVerifier { try TokenFixtures.verifier(KeyVectors.key(Self.secret)) }

    @Test("section 3.1: the example is good until its exp, line ends and all, and says who issued it")
    func section3() throws {
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(Self.joe).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let verified = try verifier().verify(token, now: 1_300_819_379)
        #expect(verified.claims.members.map(\.name) == ["iss", "exp", "http://example.com/is_root"])
        #expect(verified.claims["iss"]?.string == "joe")
        #expect(try verifier().refusal(token, now: 1_300_819_380) == .expired(at: 1_300_819_380))
    }

    @Test("section 3.1 under another name of ours: an issuer that is not ours is refused")
    func otherIssuer() throws {
        let key = try KeyVectors.key(Self.secret)
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(Self.joe).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let named = { (name: String) in TokenVerifier(try KeyRing([key]), rules: ClaimRules(issuer: name)) }
        #expect(try named("joe").refusal(token, now: 1_300_819_379) == nil)
        #expect(try named("jane").refusal(token, now: 1_300_819_379) == .otherIssuer)
    }

    @Test("section 6.1: the unsecured example is refused, as it stands and with any signature")
    func section6() throws {
        let unsecured = "eyJhbGciOiJub25lIn0.\(Self.joe)."
        #expect(try verifier().refusal(unsecured, now: 0) == .notCompact)
        for signature in ["AA", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"] {
            #expect(try verifier().refusal(unsecured + signature, now: 0) == .unknownAlgorithm)
        }
    }

    @Test("appendix A.1: an encrypted token has five parts and is not read")
    func appendixA1() throws {
        let encrypted =
            "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.QR1Owv2ug2WyPBnbQrRARTeEk9kDO2w8qDcjiHnSJflSdv1iNqhWXaKH4MqAkQtMoNfABIPJaZm0HaA415sv3aeuBWnD8J-Ui7Ah6cWafs3ZwwFKDFUUsWHSK-IPKxLGTkND09XyjORj_CHAgOPJ-Sd8ONQRnJvWn_hXV1BNMHzUjPyYwEsRhDhzjAD26imasOTsgruobpYGoQcXUwFDn7moXPRfDE8-NoQX7N7ZYMmpUDkR-Cx9obNGwJQ3nM52YCitxoQVPzjbl7WBuB7AohdBoZOdZ24WlN1lVIeh8v1K4krB8xgKvRU8kgFrEn_a1rZgN5TiysnmzTROF869lQ.AxY8DCtDaGlsbGljb3RoZQ.MKOle7UQrG6nSxTLX6Mqwt0orbHvAKeWnDYvpIAeZ72deHxz3roJDXQyhxx0wKaMHDjUEOKIwrtkHthpqEanSBNYHZgmNOV7sln1Eu9g3J8.fiK51VwhsxJ-siBMR-YFiA"
        #expect(try verifier().refusal(encrypted, now: 0) == .notCompact)
    }
}
