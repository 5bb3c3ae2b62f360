import Shared

/// The algorithms that sign a token (RFC 7518 section 3.1). `none` is not among them and never will be.
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"

    /// The algorithm of that name, compared by code point.
    init?(name: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue.hasSameCodePoints(as: name) }) else { return nil }
        self = known
    }

    var digest: HMACDigest {
        switch self {
        case .hs256: .sha256
        case .hs384: .sha384
        case .hs512: .sha512
        }
    }
}
