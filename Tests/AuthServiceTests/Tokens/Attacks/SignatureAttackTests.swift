import Shared
import Testing

@testable import AuthService

/// Published ways to a signature without the key. Each is tried beside a good token, which verifies.
@Suite("Attacks on signatures")
struct SignatureAttackTests {
    /// Order and field prime of each curve (FIPS 186-5, SP 800-186 section 3.2.1).
    private static let curves: [(jwk: String, algorithm: String, order: String, prime: String)] = [
        (
            KeyVectors.p256, "ES256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
        ),
        (
            KeyVectors.p521, "ES512",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        ),
    ]

    private func bytes(_ digits: String) -> [UInt8] {
        stride(from: 0, to: digits.utf8.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test("psychic signatures (CVE-2022-21449): R or S zero, the order, the prime, or beyond it")
    func psychicSignatures() throws {
        for curve in Self.curves {
            let key = try KeyVectors.key(curve.jwk)
            let verifier = try TokenFixtures.verifier(key)
            let header = #"{"alg":"\#(curve.algorithm)"}"#
            let token = try TokenFixtures.sign(header, "{}", with: key)
            #expect(verifier.refusal(token) == nil)
            let good = try #require(Base64URL.decode(token.split(separator: ".")[2].utf8))
            let length = good.count / 2
            let zero = [UInt8](repeating: 0, count: length)
            let one = zero.dropLast() + [1]
            let most = [UInt8](repeating: 0xff, count: length)
            let (r, s) = (Array(good[..<length]), Array(good[length...]))
            let order = bytes(curve.order)
            let numbers = [zero, Array(one), most, order, bytes(curve.prime)]
            for number in numbers {
                for other in numbers + [r, s] {
                    for pair in [number + other, other + number] {
                        #expect(
                            verifier.refusal(Forgery.joined(header, "{}", pair)) == .badSignature,
                            "\(curve.algorithm) \(pair)")
                    }
                }
            }
        }
    }

    @Test("a number with the order added to it is another number, not the same one")
    func numbersBeyondTheOrder() throws {
        // On P-521 both fit into the 66 bytes of a half.
        let curve = Self.curves[1]
        let key = try KeyVectors.key(curve.jwk)
        let header = #"{"alg":"ES512"}"#
        let token = try TokenFixtures.sign(header, "{}", with: key)
        let good = try #require(Base64URL.decode(token.split(separator: ".")[2].utf8))
        let order = bytes(curve.order)
        for half in [0, 66] {
            var changed = good
            var carry = 0
            for index in (0..<66).reversed() {
                let sum = Int(changed[half + index]) + Int(order[index]) + carry
                changed[half + index] = UInt8(truncatingIfNeeded: sum)
                carry = sum >> 8
            }
            #expect(try TokenFixtures.verifier(key).refusal(Forgery.joined(header, "{}", changed)) == .badSignature)
        }
    }

    @Test("signature stripping: none, an empty one, one of another token, one cut short or made longer")
    func signatureStripping() throws {
        let parts = Forgery.parts
        let signature = try #require(Base64URL.decode(parts[2].utf8))
        let verifier = try TokenFixtures.verifier()
        for (token, refusal) in [
            ("\(parts[0]).\(parts[1])", TokenError.notCompact), ("\(parts[0]).\(parts[1]).", .notCompact),
            (
                try TokenFixtures.sign(#"{"alg":"HS256","typ":"JWT"}"#, "{}", with: TokenFixtures.key()) + parts[2],
                .badSignature
            ),
            (Forgery.joined(#"{"alg":"HS256","typ":"JWT"}"#, "{}", signature), .badSignature),
        ] {
            #expect(verifier.refusal(token) == refusal)
        }
        for length in 0..<signature.count {
            let short = "\(parts[0]).\(parts[1]).\(Forgery.encoded(Array(signature[..<length])))"
            #expect(verifier.refusal(short) == (length == 0 ? .notCompact : .badSignature))
        }
        #expect(verifier.refusal("\(parts[0]).\(parts[1]).\(Forgery.encoded(signature + [0]))") == .badSignature)
    }

    @Test("HMAC with an empty key, or with a public key as the secret, is nobody's signature")
    func emptySecret() throws {
        #expect(TokenKey(secret: []) == nil)
        // HMAC of RFC 2104 with no key at all, by another program.
        let token =
            "eyJhbGciOiJIUzI1NiJ9.e30."
            + "4E_Bsx-pJi3kOW9wVXN8CgbATwP09D9V5gxh9-9zSZ0"
        #expect(try TokenFixtures.verifier().refusal(token) == .badSignature)
    }

    @Test("forged blocks of PKCS #1: garbage that a lax reader passes over", arguments: ForgedSignatures.pkcs1.indices)
    func pkcs1Blocks(index: Int) throws {
        let verifier = try TokenFixtures.verifier(KeyVectors.key(Self.namelessRSA))
        let input = "\(Forgery.encoded(#"{"alg":"RS256"}"#)).\(Forgery.encoded("{}"))"
        #expect(verifier.refusal("\(input).\(ForgedSignatures.goodPKCS1)") == nil)
        let forged = ForgedSignatures.pkcs1[index]
        #expect(verifier.refusal("\(input).\(forged.signature)") == .badSignature, "\(forged.name)")
    }

    @Test("forged blocks of PSS: a salt of another length, another mask", arguments: ForgedSignatures.pss.indices)
    func pssBlocks(index: Int) throws {
        let jwk = Self.namelessRSA.replacing("{", with: #"{"alg":"PS256","#, maxReplacements: 1)
        let verifier = try TokenFixtures.verifier(KeyVectors.key(jwk))
        let input = "\(Forgery.encoded(#"{"alg":"PS256"}"#)).\(Forgery.encoded("{}"))"
        #expect(verifier.refusal("\(input).\(ForgedSignatures.goodPSS)") == nil)
        let forged = ForgedSignatures.pss[index]
        #expect(verifier.refusal("\(input).\(forged.signature)") == .badSignature, "\(forged.name)")
    }

    @Test("an RSA signature with the modulus added to it is not the same number")
    func modulusAdded() throws {
        let verifier = try TokenFixtures.verifier(KeyVectors.key(Self.namelessRSA))
        let input = "\(Forgery.encoded(#"{"alg":"RS256"}"#)).\(Forgery.encoded(ForgedSignatures.numberPayload))"
        #expect(verifier.refusal("\(input).\(ForgedSignatures.number)") == nil)
        #expect(verifier.refusal("\(input).\(ForgedSignatures.numberPlusModulus)") == .badSignature)
    }

    @Test("an RSA key with e = 1 or e = 3, to which anybody can forge, is not taken", arguments: ["AQ", "Aw"])
    func lowExponents(exponent: String) throws {
        let numbers = KeyVectors.rsaNumbers.replacing(#""e":"AQAB""#, with: #""e":"\#(exponent)""#)
        #expect(numbers != KeyVectors.rsaNumbers)
        #expect(KeyVectors.refusal(#"{"kty":"RSA",\#(numbers)}"#) != nil)
        #expect(KeyVectors.refusal(#"{"kty":"RSA",\#(KeyVectors.rsaNumbers)}"#) == nil)
    }

    @Test("an invalid curve: a point that is on none, or at infinity, is no key")
    func invalidCurve() throws {
        for y in ["y_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            let jwk =
                #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"\#(y)"}"#
            #expect(KeyVectors.refusal(jwk) != nil)
        }
        let zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        #expect(KeyVectors.refusal(#"{"kty":"EC","crv":"P-256","x":"\#(zero)","y":"\#(zero)"}"#) != nil)
    }

    @Test("Ed25519: S with the order added is a second signature, and refused (RFC 8032 section 5.1.7)")
    func ed25519Malleability() throws {
        let key = try KeyVectors.key(KeyVectors.ed25519)
        let header = #"{"alg":"EdDSA"}"#
        let token = try TokenFixtures.sign(header, "{}", with: key)
        var changed = try #require(Base64URL.decode(token.split(separator: ".")[2].utf8))
        // 2^252 + 27742317777372353535851937790883648493, little-endian.
        let order = Array(bytes("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed").reversed())
        var carry = 0
        for index in 0..<32 {
            let sum = Int(changed[32 + index]) + Int(order[index]) + carry
            changed[32 + index] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
        }
        #expect(try TokenFixtures.verifier(key).refusal(token) == nil)
        #expect(try TokenFixtures.verifier(key).refusal(Forgery.joined(header, "{}", changed)) == .badSignature)
        let none = [UInt8](repeating: 0, count: 64)
        #expect(try TokenFixtures.verifier(key).refusal(Forgery.joined(header, "{}", none)) == .badSignature)
    }

    /// RFC 7520's key without its `kid`.
    private static let namelessRSA = #"{"kty":"RSA",\#(KeyVectors.rsaNumbers)}"#
}
