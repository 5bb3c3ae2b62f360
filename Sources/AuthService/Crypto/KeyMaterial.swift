// Unsafe code: bytes are handed to libcrypto as pointers, for the length of the call.
import COpenSSL

/// A key of RSA, of a NIST curve or of Ed25519 inside libcrypto: a pair, or the public half alone.
final class KeyMaterial: Sendable {
    enum Kind: Int32, Sendable, CaseIterable {
        case rsa = 1
        case p256
        case p384
        case p521
        case ed25519

        /// Bytes of a coordinate and of a private number; nil for RSA, where they depend on the key.
        var fieldLength: Int? {
            switch self {
            case .rsa: nil
            case .p256, .ed25519: 32
            case .p384: 48
            case .p521: 66
            }
        }
    }

    /// Numbers of a key, by the names that a JWK gives them (RFC 7518 section 6, RFC 8037 section 2); big-endian.
    /// Those of RSA are n, e, d, p, q, dp, dq, qi; the others have x, y and d, Ed25519 without y.
    typealias Parts = [[UInt8]]

    let kind: Kind
    let isPrivate: Bool
    fileprivate let handle: postern_openssl_key

    private init?(_ handle: postern_openssl_key) {
        guard handle != 0 else { return nil }
        guard let kind = Kind(rawValue: postern_openssl_key_type(handle)) else {
            postern_openssl_key_destroy(handle)
            return nil
        }
        self.handle = handle
        self.kind = kind
        isPrivate = postern_openssl_key_is_private(handle)
    }

    deinit { postern_openssl_key_destroy(handle) }

    /// The key of those numbers; an empty one is not there. Nil when they are no key: a point that is not on its curve,
    /// halves that do not belong together.
    convenience init?(_ kind: Kind, parts: Parts) {
        var joined = parts.flatMap { $0 }
        defer { OpenSSL.cleanse(&joined) }
        var lengths = parts.map(\.count)
        lengths += Array(repeating: 0, count: max(0, Int(POSTERN_OPENSSL_PARTS) - lengths.count))
        self.init(
            unsafe joined.withUnsafeBufferPointer { joined in
                unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe postern_openssl_key_create(kind.rawValue, joined.baseAddress, lengths.baseAddress)
                }
            })
    }

    /// The key of one PEM block (RFC 7468): PKCS #8, SubjectPublicKeyInfo, PKCS #1 or SEC 1. Nil for what is no such key,
    /// or one with a passphrase.
    convenience init?(pem: [UInt8]) {
        self.init(
            unsafe pem.withUnsafeBufferPointer { text in
                unsafe postern_openssl_key_read_pem(text.baseAddress, text.count)
            })
    }

    /// A new pair; `bits` counts for RSA alone. Nil when libcrypto has no entropy to give.
    static func generate(_ kind: Kind, bits: Int = 3072) -> KeyMaterial? {
        KeyMaterial(postern_openssl_key_generate(kind.rawValue, UInt32(bits)))
    }

    /// The number of that place (see `Parts`), empty when it is not there. Who asks for a private one cleanses it.
    func part(_ index: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Int(POSTERN_OPENSSL_PART_CAPACITY)) { part, count in
            count = unsafe postern_openssl_key_part(handle, Int32(index), part.baseAddress)
        }
    }
}

/// Signs and verifies in one way alone. Any number of threads may use it at once: each use has a context of libcrypto's
/// to itself, which is used again.
final class SignatureKey: Sendable {
    /// How a signature is made, beside its digest (RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1).
    enum Way: Int32, Sendable {
        case pkcs1 = 1
        case pss
        case ecdsa
        case eddsa
    }

    private let handle: postern_openssl_signer
    let material: KeyMaterial

    /// Nil when the way is not one of that kind of key.
    init?(_ material: KeyMaterial, _ way: Way, _ digest: Digest) {
        handle = postern_openssl_signer_create(material.handle, way.rawValue, digest.rawValue)
        self.material = material
        if handle == 0 { return nil }
    }

    deinit { postern_openssl_signer_destroy(handle) }

    /// The signature of `message`; nil without the private half, and when libcrypto fails.
    func signature(of message: ArraySlice<UInt8>) -> [UInt8]? {
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: Int(POSTERN_OPENSSL_SIGNATURE_CAPACITY)) {
            signature, count in
            count = unsafe message.withUnsafeBufferPointer { bytes in
                unsafe postern_openssl_signer_sign(handle, bytes.baseAddress, bytes.count, signature.baseAddress)
            }
        }
        return signature.isEmpty ? nil : signature
    }

    /// Whether `signature` is one of `message`.
    func isSignature(_ signature: [UInt8], of message: ArraySlice<UInt8>) -> Bool {
        unsafe message.withUnsafeBufferPointer { bytes in
            unsafe signature.withUnsafeBufferPointer { signature in
                unsafe postern_openssl_signer_verify(
                    handle, bytes.baseAddress, bytes.count, signature.baseAddress, signature.count)
            }
        }
    }
}
