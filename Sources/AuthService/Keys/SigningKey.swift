/// A key and the one algorithm that it is for: what a token says of algorithms is compared with the key and never
/// obeyed (RFC 8725 section 3.1). Keys of other types join `Material` when they come.
struct SigningKey: Sendable {
    private enum Material {
        case hmac(HMACKey)
    }

    /// The `kid` (RFC 7515 section 4.1.4) that this key's tokens carry; nil for a key without a name.
    let id: String?
    let algorithm: SignatureAlgorithm
    private let material: Material

    /// A shared secret. Nil when it is empty: a key that everybody has is none.
    init?(secret: [UInt8], algorithm: SignatureAlgorithm = .hs256, id: String? = nil) {
        guard let key = HMACKey(algorithm.digest, secret: secret) else { return nil }
        self.id = id
        self.algorithm = algorithm
        material = .hmac(key)
    }

    /// The signature over `input` (RFC 7515 section 5.1); nil when libcrypto fails.
    func signature(of input: ArraySlice<UInt8>) -> [UInt8]? {
        switch material {
        case .hmac(let key): key.code(of: input)
        }
    }

    /// Whether `signature` over `input` was made with this key, by its own algorithm.
    func isSignature(_ signature: [UInt8], of input: ArraySlice<UInt8>) -> Bool {
        switch material {
        case .hmac(let key): key.isCode(signature, of: input)
        }
    }
}

/// What any log, error or debugger shows of a key.
extension SigningKey: CustomStringConvertible, CustomReflectable {
    var description: String { "\(algorithm.rawValue) key \(id.map { "\"\($0)\"" } ?? "without a kid")" }

    var customMirror: Mirror { Mirror(self, children: ["id": id as Any, "algorithm": algorithm]) }
}
