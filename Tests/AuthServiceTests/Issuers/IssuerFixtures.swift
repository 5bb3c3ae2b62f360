import Shared

@testable import AuthService

/// An issuer of the tests: it signs, and publishes its keys.
struct TestIssuer {
    let name: String
    let kid: String?
    let key: TokenKey

    init(_ name: String, kid: String? = "k1", algorithm: SignatureAlgorithm = .es256) throws {
        guard let kind = algorithm.kind, let material = KeyMaterial.generate(kind, bits: 2048),
            let key = TokenKey(material, algorithm: algorithm, id: kid)
        else { throw TokenFixtures.NoKey() }
        self.name = name
        self.kid = kid
        self.key = key
    }

    /// The public half as a JWK.
    func jwk(alg: Bool = true) -> String {
        let text = JSONWriter.bytes { writer in
            writer.object { JSONWebKeyWriter.publicMembers(of: key, to: &$0) }
        }
        let whole = String(decoding: text, as: UTF8.self)
        return alg ? whole : whole.replacing(#","alg":"\#(key.algorithm.rawValue)""#, with: "")
    }

    /// `{"keys":[…]}`
    static func set(_ jwks: String...) -> [UInt8] { Array(#"{"keys":[\#(jwks.joined(separator: ","))]}"#.utf8) }

    var set: [UInt8] { Self.set(jwk()) }

    /// A token with these claims, after `iss`, `iat` and `exp`.
    func token(_ claims: String = #""sub":"user_1""#, iat: Int64 = now, exp: Int64? = now + 60) throws -> String {
        let head = #"{"alg":"\#(key.algorithm.rawValue)","typ":"JWT"\#(kid.map { #","kid":"\#($0)""# } ?? "")}"#
        let end = exp.map { #","exp":\#($0)"# } ?? ""
        let rest = claims.isEmpty ? "" : ",\(claims)"
        return try TokenFixtures.sign(head, #"{"iss":"\#(name)","iat":\#(iat)\#(end)\#(rest)}"#, with: key)
    }

    static let now: Int64 = 1_800_000_000
}

extension IssuerConfiguration {
    /// With keys of a file that nobody reads: tests put them in.
    static func test(
        _ name: String, algorithms: [SignatureAlgorithm] = [.es256], places: TokenPlaces = TokenPlaces(),
        _ change: (inout IssuerRules) -> Void = { _ in }
    ) -> IssuerConfiguration {
        var rules = IssuerRules(name: name)
        rules.algorithms = algorithms
        change(&rules)
        return IssuerConfiguration(
            rules: rules, keys: .file("/nowhere"), places: places, place: ConfigurationPlace(file: "auth.yaml"))
    }
}

extension IssuerConfiguration {
    /// With keys on the web, which nobody fetches.
    static func remote(_ name: String, places: TokenPlaces = TokenPlaces()) throws -> IssuerConfiguration {
        let reader = ConfigurationReader(
            text: "jwks: \(name)/keys", file: "auth.yaml", problems: ConfigurationProblems())
        guard let address = reader.optional("jwks", .issuerKeyAddress) else { throw TokenFixtures.NoKey() }
        return IssuerConfiguration(
            rules: test(name).rules, keys: .address(address), places: places, place: reader.place)
    }
}

extension Issuers {
    /// - Parameter sets: the keys of each, in the order of the configurations.
    static func test(_ configurations: [IssuerConfiguration], sets: [[UInt8]]) throws -> Issuers {
        let issuers = Issuers(configurations)
        for (issuer, set) in zip(issuers.all, sets) {
            issuer.keys.replace(file: try IssuerKeySet(set, algorithms: issuer.keys.algorithms))
        }
        return issuers
    }
}

extension TokenJudge.Verdict {
    var token: VerifiedToken? { if case .good(let token) = self { token } else { nil } }
    var error: TokenError? { if case .refused(let error) = self { error } else { nil } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

extension TokenJudge {
    func judge(_ token: String, from place: TokenPlace? = .header, now: Int64 = TestIssuer.now) -> Verdict {
        judge(Array(token.utf8)[...], from: place, now: now)
    }
}
