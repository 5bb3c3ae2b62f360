import Shared
import Testing

@testable import AuthService

/// A signed text as an RFC prints it. Most payloads are no claims, so that the signature alone is looked at.
struct PublishedVector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let key: String
    /// What is added to the key: the RFC names the algorithm beside it.
    var algorithm: SignatureAlgorithm?
    let header: String
    let payload: String
    let signature: String
    /// Whether the same key makes the same signature each time.
    var isDeterministic = true

    static let joe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    static let frodo =
        "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"

    static let all = [
        PublishedVector(
            testDescription: "RFC 7515 A.2, RS256", key: KeyVectors.rsaAppendixA2, header: "eyJhbGciOiJSUzI1NiJ9",
            payload: joe,
            signature:
                "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        ),
        PublishedVector(
            testDescription: "RFC 7515 A.3, ES256", key: KeyVectors.p256, header: "eyJhbGciOiJFUzI1NiJ9", payload: joe,
            signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            isDeterministic: false),
        PublishedVector(
            testDescription: "RFC 7515 A.4, ES512", key: KeyVectors.p521, header: "eyJhbGciOiJFUzUxMiJ9",
            payload: "UGF5bG9hZA",
            signature:
                "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
            isDeterministic: false),
        PublishedVector(
            testDescription: "RFC 7520 4.1, RS256", key: KeyVectors.rsa,
            header: "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9", payload: frodo,
            signature:
                "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"
        ),
        PublishedVector(
            testDescription: "RFC 7520 4.2, PS384", key: KeyVectors.rsa, algorithm: .ps384,
            header: "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9", payload: frodo,
            signature:
                "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw",
            isDeterministic: false),
        PublishedVector(
            testDescription: "RFC 7520 4.3, ES512", key: KeyVectors.p521Hobbiton,
            header: "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9", payload: frodo,
            signature:
                "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2",
            isDeterministic: false),
        PublishedVector(
            testDescription: "RFC 7520 4.4, HS256", key: KeyVectors.secret,
            header: "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9", payload: frodo,
            signature: "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"),
        PublishedVector(
            testDescription: "RFC 8037 A.4, EdDSA", key: KeyVectors.ed25519, header: "eyJhbGciOiJFZERTQSJ9",
            payload: "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
    ]

    func loadedKey() throws -> TokenKey {
        guard let algorithm else { return try KeyVectors.key(key) }
        return try KeyVectors.key(key.replacing("{", with: #"{"alg":"\#(algorithm.rawValue)","#, maxReplacements: 1))
    }

    func parts(signature: String? = nil) throws -> CompactSerialization {
        try CompactSerialization(Array("\(header).\(payload).\(signature ?? self.signature)".utf8)[...])
    }
}

@Suite("Published vectors")
struct PublishedVectorTests {
    @Test("the signature of the RFC verifies, and no other", arguments: PublishedVector.all)
    func verifies(vector: PublishedVector) throws {
        let verifier = TokenVerifier(try KeyRing([try vector.loadedKey()]))
        #expect(throws: Never.self) { try verifier.verifySignature(vector.parts(), now: 0) }
        let good = try #require(Base64URL.decode(vector.signature.utf8))
        var broken: [[UInt8]] = [Array(good.dropLast()), good + [0], [0] + good, Array(good.reversed())]
        broken += stride(from: 0, to: good.count, by: 7).map { index in
            var changed = good
            changed[index] ^= 1
            return changed
        }
        broken.append(Array(repeating: 0, count: good.count))
        for bytes in broken {
            let parts = try vector.parts(signature: String(decoding: Base64URL.encode(bytes), as: UTF8.self))
            #expect(throws: TokenError.badSignature) { try verifier.verifySignature(parts, now: 0) }
        }
    }

    @Test("the key signs as the RFC does, or what it signs verifies", arguments: PublishedVector.all)
    func signs(vector: PublishedVector) throws {
        let key = try vector.loadedKey()
        let parts = try vector.parts()
        guard key.canSign else {
            #expect(key.signature(of: parts.signingInput) == nil)
            return
        }
        let signature = try #require(key.signature(of: parts.signingInput))
        if vector.isDeterministic { #expect(signature == Base64URL.decode(vector.signature.utf8)) }
        #expect(key.isSignature(signature, of: parts.signingInput))
        #expect(!key.isSignature(signature, of: parts.payload))
    }

    @Test("the public half alone verifies and does not sign", arguments: PublishedVector.all)
    func publicHalf(vector: PublishedVector) throws {
        guard try vector.loadedKey().publicKey != nil else { return }
        let jwk = try KeyVectors.publicHalf(vector.key)
        #expect(!jwk.contains(#""d""#))
        let key = try PublishedVector(
            testDescription: "", key: jwk.replacing(/,"alg":"[A-Za-z0-9]+"/, with: ""), algorithm: vector.algorithm,
            header: vector.header, payload: vector.payload, signature: vector.signature
        ).loadedKey()
        #expect(!key.canSign)
        let signature = try #require(Base64URL.decode(vector.signature.utf8))
        #expect(key.isSignature(signature, of: try vector.parts().signingInput))
    }
}
