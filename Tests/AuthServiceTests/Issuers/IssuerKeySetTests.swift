import Shared
import Testing

@testable import AuthService

@Suite("the key set of an issuer")
struct IssuerKeySetTests {
    private let good: TestIssuer

    init() throws { good = try TestIssuer("i", kid: "good") }

    private func set(_ jwks: String..., algorithms: [SignatureAlgorithm] = [.es256, .rs256]) throws -> IssuerKeySet {
        try IssuerKeySet(Array(#"{"keys":[\#(jwks.joined(separator: ","))]}"#.utf8), algorithms: algorithms)
    }

    @Test("a bad key does not take the good ones down, and it is said why it is not used")
    func badKeys() throws {
        let rsa = { (numbers: String) in #"{"kty":"RSA","kid":"bad","alg":"RS256",\#(numbers)}"# }
        let offCurve = good.jwk().replacing(
            #""y":"\#(try #require(member("y", of: good.jwk())))"#,
            with: #""y":"\#(String(repeating: "A", count: 43))"#)
        for (bad, reason) in [
            (
                #"{"kty":"oct","kid":"bad","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U"}"#,
                IssuerKeySet.Refusal.Reason.secret
            ),
            (KeyVectors.rsa, .secret), (rsa(KeyVectors.shortNumbers), .key(.rsa(.short(bits: 1024)))),
            (rsa(KeyVectors.rocaNumbers), .key(.rsa(.guessable))),
            (rsa(KeyVectors.rsaNumbers.replacing("AQAB", with: "Aw")), .key(.rsa(.exponent))),
            (offCurve.replacing("good", with: "bad"), .key(.noSuchKey)),
            (#"{"kty":"EC","crv":"secp256k1","kid":"bad"}"#, .key(.invalidMember("crv"))), ("7", .key(.emptySet)),
            (#"{"kty":"EC","kid":7}"#, .key(.invalidMember("kid"))),
        ] {
            let set = try set(bad, good.jwk())
            #expect(set.refusals == [.init(number: 1, reason: reason)], "\(bad)")
            #expect(set.keys.map(\.id) == ["good"])
            #expect(!set.refusals.contains { $0.description.contains("c2VjcmV0") })
        }
    }

    @Test("of two keys with one kid the first is meant; the same key twice is one")
    func duplicates() throws {
        let second = try TestIssuer("i", kid: "good")
        let set = try set(good.jwk(), good.jwk(), second.jwk())
        #expect(set.keys.count == 1)
        #expect(set.refusals == [.init(number: 3, reason: .duplicate("good"))])
        #expect(set.candidates(kid: "good", algorithm: .es256).count == 1)
        let token = try good.token().split(separator: ".")
        let signature = try #require(Base64URL.decode(token[2].utf8))
        #expect(set.keys[0].isSignature(signature, of: Array("\(token[0]).\(token[1])".utf8)[...]))
    }

    @Test("keys for other things than signatures are passed over in silence")
    func foreign() throws {
        let set = try set(
            good.jwk(), #"{"kty":"RSA","kid":"e","use":"enc","alg":"RSA-OAEP",\#(KeyVectors.rsaNumbers)}"#,
            #"{"kty":"RSA","kid":"o","alg":"RSA-OAEP",\#(KeyVectors.rsaNumbers)}"#, #"{"kty":"LMS","kid":"x"}"#)
        #expect(set.keys.map(\.id) == ["good"])
        #expect(set.refusals.count == 3 && set.refusals.allSatisfy(\.reason.isForeign))
    }

    @Test("a key's alg chooses one of the issuer's algorithms; without it the key is for all of its type")
    func algorithms() throws {
        let rsa = { (alg: String) in #"{"kty":"RSA","kid":"r"\#(alg),\#(KeyVectors.rsaNumbers)}"# }
        let all: [SignatureAlgorithm] = [.rs256, .ps256, .es256]
        #expect(try set(rsa(""), algorithms: all).keys.map(\.algorithm) == [.rs256, .ps256])
        #expect(try set(rsa(#","alg":"PS256""#), algorithms: all).keys.map(\.algorithm) == [.ps256])
        #expect(try set(rsa(#","alg":"PS384""#), algorithms: all).keys.isEmpty)
        #expect(try set(good.jwk(), algorithms: [.rs256]).keys.isEmpty)
    }

    @Test(
        "what is no set at all",
        arguments: ["", "{", "[]", "{}", #"{"keys":{}}"#, #"{"keys":[],"keys":[]}"#, #"{"error":"x"}"#])
    func noSet(text: String) {
        #expect(throws: KeyFileError.self) { try IssuerKeySet(Array(text.utf8), algorithms: [.rs256]) }
    }

    @Test("an empty set is a set: the issuer has withdrawn its keys")
    func empty() throws {
        #expect(try set().keys.isEmpty)
        #expect(try set().lacksKey(of: set(good.jwk())))
        #expect(try !set(good.jwk()).lacksKey(of: set()))
    }

    @Test("a set has so many keys at most, and so many bytes")
    func limits() throws {
        let many = (0...IssuerKeySet.limit).map { good.jwk().replacing("good", with: "k\($0)") }.joined(separator: ",")
        let set = try set(many)
        #expect(set.keys.count == IssuerKeySet.limit)
        #expect(set.refusals.map(\.reason) == [.tooMany])
        let long = #"{"keys":[],"x":"\#(String(repeating: "x", count: IssuerKeySet.longest))"}"#
        #expect(throws: KeyFileError.self) { try IssuerKeySet(Array(long.utf8), algorithms: [.rs256]) }
    }

    @Test("a file may be PEM, which has no kid; a file with a bad key is an error")
    func files() throws {
        let pem = try IssuerKeySet(file: Array(KeyVectors.pemEd25519Public.utf8), algorithms: [.eddsa])
        #expect(pem.keys.map(\.id) == [nil])
        #expect(
            try IssuerKeySet(file: Array(KeyVectors.pemEd25519.utf8), algorithms: [.eddsa]).refusals.map(\.reason) == [
                .secret
            ])
        let folder = try TemporaryFolder()
        let write = { (text: String) throws -> IssuerConfiguration in
            let path = try folder.write(text, to: "set.json", mode: 0o644)
            return IssuerConfiguration(
                rules: IssuerConfiguration.test("i").rules, keys: .file(path),
                place: ConfigurationPlace(file: "auth.yaml"))
        }
        try Issuers([write(#"{"keys":[\#(good.jwk())]}"#)]).readFiles()
        try folder.write(#"{"keys":[\#(good.jwk())]}"#, to: "open.json", mode: 0o664)
        for path in [folder.file("open.json"), folder.file("none.json")] {
            let configuration = IssuerConfiguration(
                rules: IssuerConfiguration.test("i").rules, keys: .file(path),
                place: ConfigurationPlace(file: "auth.yaml"))
            #expect(throws: ConfigurationError.self, "\(path)") { try Issuers([configuration]).readFiles() }
        }
        for bad in [
            #"{"keys":[\#(good.jwk()),{"kty":"oct","k":"AQ"}]}"#, #"{"keys":[]}"#, "{",
            #"{"keys":[\#(good.jwk()),\#(try TestIssuer("i", kid: "good").jwk())]}"#,
        ] {
            #expect(throws: ConfigurationError.self, "\(bad)") { try Issuers([write(bad)]).readFiles() }
        }
    }

    private func member(_ name: String, of jwk: String) -> String? {
        (try? StrictJSON.parseObject(Array(jwk.utf8)))?[name]?.string
    }
}
