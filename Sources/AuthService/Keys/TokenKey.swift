import Shared

/// A key and the one algorithm that it is for: what a token says of algorithms is compared with the key and never
/// obeyed (RFC 8725 section 3.1).
struct TokenKey: Sendable {
    private enum Material {
        case hmac(HMACKey)
        case pair(SignatureKey)
    }

    /// The `kid` (RFC 7515 section 4.1.4) that this key's tokens carry; nil for a key without a name.
    let id: String?
    let algorithm: SignatureAlgorithm
    /// When it may be used.
    let times: KeyTimes
    /// Whether it can sign: it holds what that takes, and is meant for it.
    let canSign: Bool
    /// Whether it is a secret shorter than its digest, which RFC 7518 section 3.2 forbids: it can be guessed from a token.
    let isShort: Bool
    private let material: Material

    /// A shared secret. Nil when it is empty: a key that everybody has is none.
    init?(
        secret: [UInt8], algorithm: SignatureAlgorithm = .hs256, id: String? = nil, times: KeyTimes = KeyTimes(),
        maySign: Bool = true
    ) {
        guard algorithm.kind == nil, let key = HMACKey(algorithm.digest, secret: secret) else { return nil }
        self.id = id
        self.algorithm = algorithm
        self.times = times
        canSign = maySign
        isShort = secret.count < algorithm.digest.length
        material = .hmac(key)
    }

    /// A pair, or a public key. Nil when the algorithm is not one of that type of key.
    init?(
        _ key: KeyMaterial, algorithm: SignatureAlgorithm, id: String? = nil, times: KeyTimes = KeyTimes(),
        maySign: Bool = true
    ) {
        guard algorithm.kind == key.kind, let way = algorithm.way,
            let pinned = SignatureKey(key, way, algorithm.digest)
        else { return nil }
        self.id = id
        self.algorithm = algorithm
        self.times = times
        canSign = maySign && key.isPrivate
        isShort = false
        material = .pair(pinned)
    }

    /// The half that everybody may know; nil for a shared secret.
    var publicKey: KeyMaterial? {
        if case .pair(let key) = material { key.material } else { nil }
    }

    /// The signature over `input` (RFC 7515 section 5.1); nil for a key that cannot sign, and when libcrypto fails.
    func signature(of input: ArraySlice<UInt8>) -> [UInt8]? {
        guard canSign else { return nil }
        return switch material {
        case .hmac(let key): key.code(of: input)
        case .pair(let key): key.signature(of: input)
        }
    }

    /// Whether `signature` over `input` was made with this key, by its own algorithm.
    func isSignature(_ signature: [UInt8], of input: ArraySlice<UInt8>) -> Bool {
        switch material {
        case .hmac(let key): key.isCode(signature, of: input)
        case .pair(let key): key.isSignature(signature, of: input)
        }
    }
}

/// When a key may be used, in seconds since 1970. In a JWK these are the members `nbf` and `exp`, numbers as in a token.
struct KeyTimes: Sendable, Equatable {
    /// From when on it signs. It verifies before, and is published: who keeps a copy of the public keys has it by then.
    var signsFrom: Int64 = 0
    /// From when on nothing that it signed is good; nil for never.
    var ends: Int64?

    /// Whether this one takes over from the other.
    func signs(after other: KeyTimes) -> Bool {
        signsFrom > other.signsFrom || (signsFrom == other.signsFrom && ends == nil && other.ends != nil)
    }

    func hasEnded(at now: Int64) -> Bool { ends.map { now >= $0 } ?? false }
}

/// What any log, error or debugger shows of a key.
extension TokenKey: CustomStringConvertible, CustomReflectable {
    var description: String { "\(algorithm.rawValue) key \(id.map { "\"\($0)\"" } ?? "without a kid")" }

    var customMirror: Mirror { Mirror(self, children: ["id": id as Any, "algorithm": algorithm]) }
}
