import Shared
import Testing

@testable import AuthService

@Suite("Key files")
struct KeyFileTests {
    @Test("a key without alg is for the natural one of its type")
    func naturalAlgorithms() throws {
        for (text, algorithm) in [
            (KeyVectors.rsa, SignatureAlgorithm.rs256), (KeyVectors.p256, .es256), (KeyVectors.p521, .es512),
            (KeyVectors.ed25519, .eddsa), (KeyVectors.pemP256, .es256), (KeyVectors.pemEd25519, .eddsa),
            (#"{"kty":"oct","k":"AQ"}"#, .hs256),
        ] {
            let key = try KeyVectors.key(text)
            #expect(key.algorithm == algorithm)
            #expect(key.canSign)
        }
        #expect(try !KeyVectors.key(KeyVectors.pemEd25519Public).canSign)
    }

    @Test("alg pins the algorithm, and must be one of the key's type")
    func pinned() throws {
        let rsa = { (name: String) in #"{"kty":"RSA","alg":"\#(name)",\#(KeyVectors.rsaNumbers)}"# }
        for name in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
            #expect(try KeyVectors.key(rsa(name)).algorithm.rawValue == name)
        }
        for name in ["HS256", "ES256", "EdDSA", "none", "rs256", "RSA-OAEP"] {
            #expect(KeyVectors.refusal(rsa(name)) == .otherAlgorithm(name))
        }
        let p256 = KeyVectors.p256.replacing("{", with: #"{"alg":"ES384","#)
        #expect(KeyVectors.refusal(p256) == .otherAlgorithm("ES384"))
    }

    @Test("a private key without its factors signs as well")
    func withoutFactors() throws {
        let key = try KeyVectors.key(#"{"kty":"RSA",\#(KeyVectors.rsaNumbers),\#(KeyVectors.rsaD)}"#)
        let signature = try #require(key.signature(of: [1, 2][...]))
        #expect(
            try KeyVectors.key(#"{"kty":"RSA",\#(KeyVectors.rsaNumbers)}"#).isSignature(signature, of: [1, 2][...]))
    }

    @Test("RSA under 2048 bits, with a strange exponent, or of the library of ROCA is refused")
    func rsaRules() {
        let key = { (numbers: String) in KeyVectors.refusal(#"{"kty":"RSA",\#(numbers)}"#) }
        #expect(key(KeyVectors.shortNumbers) == .rsa(.short(bits: 1024)))
        #expect(key(KeyVectors.rocaNumbers) == .rsa(.guessable))
        for exponent in ["AQ", "Aw", "AQAA", "AQAAAAE", "AQAAAAAAAAAB"] {
            #expect(key(KeyVectors.rsaNumbers.replacing("AQAB", with: exponent)) == .rsa(.exponent), "\(exponent)")
        }
        #expect(key(KeyVectors.rsaNumbers) == nil)
        let long = String(decoding: Base64URL.encode(Array(repeating: UInt8(0xff), count: 1025)), as: UTF8.self)
        #expect(key(#""n":"\#(long)","e":"AQAB""#) == .rsa(.long(bits: 8200)))
    }

    @Test("numbers that are no key: leading zeros, other lengths, a point off the curve, halves that do not match")
    func numbers() {
        for (text, error) in [
            (#"{"kty":"RSA",\#(KeyVectors.rsaNumbers.replacing(#""e":"AQAB"#, with: #""e":"AAEAAQ"#))}"#, "e"),
            (#"{"kty":"RSA",\#(KeyVectors.rsaNumbers),\#(KeyVectors.rsaFactors)}"#, "p"),
            (#"{"kty":"RSA",\#(KeyVectors.rsaNumbers),\#(KeyVectors.rsaD),"p":"Aw"}"#, "q"),
            (#"{"kty":"RSA",\#(KeyVectors.rsaNumbers),\#(KeyVectors.rsaPrivate),"oth":[]}"#, "oth"),
            (KeyVectors.p256.replacing("f83OJ3D2", with: "AAAAf83OJ3D2"), "x"),
            (KeyVectors.p256.replacing("P-256", with: "P-384"), "x"),
            (KeyVectors.p256.replacing("P-256", with: "secp256k1"), "crv"),
            (KeyVectors.ed25519.replacing("Ed25519", with: "X25519"), "crv"),
        ] {
            #expect(KeyVectors.refusal(text) == .invalidMember(error), "\(text)")
        }
        for text in [
            KeyVectors.p256.replacing("f83OJ3D2", with: "f83OJ3D3"), KeyVectors.p256.replacing("jpsQ", with: "jpsR"),
            KeyVectors.ed25519.replacing("nWGx", with: "nWGy"),
            #"{"kty":"RSA",\#(KeyVectors.rsaNumbers),\#(KeyVectors.rsaD.replacing("bWUC", with: "bWUD"))}"#,
        ] {
            #expect(KeyVectors.refusal(text) == .noSuchKey, "\(text)")
        }
    }

    @Test("use and key_ops are respected")
    func uses() throws {
        let with = { (text: String, member: String) in text.replacing("{", with: "{\(member),") }
        let p256 = try KeyVectors.publicHalf(KeyVectors.p256).replacing(#","use":"sig""#, with: "")
        for member in [
            #""use":"enc""#, #""use":1"#, #""key_ops":["encrypt"]"#, #""key_ops":[]"#, #""key_ops":"verify""#,
        ] {
            #expect(KeyVectors.refusal(with(p256, member)) != nil, "\(member)")
            #expect(KeyVectors.refusal(with(KeyVectors.p256, member)) != nil, "\(member)")
        }
        #expect(try KeyVectors.key(with(KeyVectors.p256, #""key_ops":["sign"]"#)).canSign)
        #expect(try !KeyVectors.key(with(KeyVectors.p256, #""key_ops":["verify"]"#)).canSign)
        // A public key that may only sign is of no use, and a secret that may not verify would sign for nobody.
        #expect(KeyVectors.refusal(with(p256, #""key_ops":["sign"]"#)) == .notForSignatures("key_ops"))
        let secret = #"{"kty":"oct","k":"AQ"}"#
        #expect(KeyVectors.refusal(with(secret, #""key_ops":["sign"]"#)) == .notForSignatures("key_ops"))
        #expect(try !KeyVectors.key(with(secret, #""key_ops":["verify"]"#)).canSign)
    }

    @Test("a shared secret among public keys is an error")
    func secretAmongPublic() throws {
        let p256 = try KeyVectors.publicHalf(KeyVectors.p256)
        #expect(KeyVectors.refusal(#"{"keys":[\#(p256),{"kty":"oct","k":"AQ"}]}"#) == .secretAmongPublic)
        #expect(KeyVectors.refusal(#"{"keys":[\#(KeyVectors.p256),{"kty":"oct","k":"AQ"}]}"#) == nil)
        #expect(KeyVectors.refusal(#"{"keys":[\#(p256),{"kty":"XYZ"}]}"#) == .unknownType("XYZ"))
    }

    @Test("PEM: each block is a key; what is none says why")
    func pem() throws {
        let both = try KeyFile(Array("text before\n\(KeyVectors.pemP256)\(KeyVectors.pemEd25519Public)".utf8))
        #expect(both.keys.map(\.algorithm) == [.es256, .eddsa])
        #expect(both.isSecret)
        #expect(try !KeyFile(Array(KeyVectors.pemEd25519Public.utf8)).isSecret)
        let signature = try #require(try KeyVectors.key(KeyVectors.pemEd25519).signature(of: [7][...]))
        #expect(try KeyVectors.key(KeyVectors.pemEd25519Public).isSignature(signature, of: [7][...]))
        #expect(KeyVectors.refusal(KeyVectors.pemSecp256k1) == .pem(.malformed))
        #expect(KeyVectors.refusal(KeyVectors.pemEd25519.replacing("MC4C", with: "MC5C")) == .pem(.malformed))
        #expect(KeyVectors.refusal("-----BEGIN PUBLIC KEY-----\nMCow") == .pem(.malformed))
        let block = { (label: String) in "-----BEGIN \(label)-----\nMCow\n-----END \(label)-----\n" }
        #expect(KeyVectors.refusal(block("ENCRYPTED PRIVATE KEY")) == .pem(.encrypted))
        #expect(KeyVectors.refusal(block("CERTIFICATE")) == .pem(.certificate))
        #expect(KeyVectors.refusal(block("DSA PRIVATE KEY")) == .pem(.unknown(label: "DSA PRIVATE KEY")))
        #expect(
            KeyVectors.refusal(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")
                == .pem(.encrypted))
    }

    @Test("a kid is text of 256 bytes at most, nbf and exp are whole seconds")
    func members() throws {
        let key = { (member: String) in #"{"kty":"oct","k":"AQ",\#(member)}"# }
        for member in [
            #""kid":"""#, #""kid":7"#, #""kid":"\#(String(repeating: "k", count: 257))""#, #""nbf":"1""#, #""exp":1.5"#,
            #""exp":-1"#,
        ] {
            #expect(KeyVectors.refusal(key(member)) != nil, "\(member)")
        }
        let times = try KeyVectors.key(key(#""nbf":7,"exp":9"#)).times
        #expect(times == KeyTimes(signsFrom: 7, ends: 9))
        #expect(!times.hasEnded(at: 8) && times.hasEnded(at: 9))
    }

    @Test("the thumbprint of RFC 7638 section 3.1 and of RFC 8037 appendix A.3")
    func thumbprints() throws {
        let ed25519 = try #require(try KeyVectors.key(KeyVectors.ed25519).publicKey)
        #expect(JSONWebKeyWriter.thumbprint(of: ed25519) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }
}
