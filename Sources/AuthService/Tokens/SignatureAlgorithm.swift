import Shared

/// The algorithms that sign a token (RFC 7518 section 3.1, RFC 8037 section 3.1). `none` is not among them and never
/// will be.
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case eddsa = "EdDSA"

    /// The algorithm of that name, compared by code point.
    init?(name: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue.hasSameCodePoints(as: name) }) else { return nil }
        self = known
    }

    /// Those of a shared secret.
    static let symmetric: [SignatureAlgorithm] = [.hs256, .hs384, .hs512]

    /// What a key without `alg` is for.
    init(naturalFor kind: KeyMaterial.Kind) {
        self =
            switch kind {
            case .rsa: .rs256
            case .p256: .es256
            case .p384: .es384
            case .p521: .es512
            case .ed25519: .eddsa
            }
    }

    /// How it signs; nil for HMAC.
    var way: SignatureKey.Way? {
        switch self {
        case .hs256, .hs384, .hs512: nil
        case .rs256, .rs384, .rs512: .pkcs1
        case .ps256, .ps384, .ps512: .pss
        case .es256, .es384, .es512: .ecdsa
        case .eddsa: .eddsa
        }
    }

    /// The type of key that it takes; nil for HMAC. An ECDSA algorithm has one curve (RFC 7518 section 3.4).
    var kind: KeyMaterial.Kind? {
        switch self {
        case .hs256, .hs384, .hs512: nil
        case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: .rsa
        case .es256: .p256
        case .es384: .p384
        case .es512: .p521
        case .eddsa: .ed25519
        }
    }

    /// Ed25519 has its own, and asks for none.
    var digest: Digest {
        switch self {
        case .hs256, .rs256, .ps256, .es256, .eddsa: .sha256
        case .hs384, .rs384, .ps384, .es384: .sha384
        case .hs512, .rs512, .ps512, .es512: .sha512
        }
    }
}
