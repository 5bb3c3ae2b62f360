// Unsafe code: bytes are handed to libcrypto as pointers, for the length of the call.
import COpenSSL

/// A digest that HMAC and signatures are built on.
enum Digest: Int32, Sendable {
    case sha256 = 256
    case sha384 = 384
    case sha512 = 512

    /// Bytes of a code.
    var length: Int { Int(rawValue) / 8 }
}

/// A key for HMAC (RFC 2104) inside libcrypto. Swift keeps no copy of the secret; it is overwritten with the key's end.
/// Any number of threads may use one key at once: each computation has a keyed context to itself, which is used again.
final class HMACKey: Sendable {
    private let handle: postern_openssl_hmac
    private let digest: Digest

    /// Nil when the secret is empty, or libcrypto does not have the algorithm.
    init?(_ digest: Digest, secret: [UInt8]) {
        let handle = unsafe secret.withUnsafeBufferPointer { bytes in
            unsafe postern_openssl_hmac_create(digest.rawValue, bytes.baseAddress, bytes.count)
        }
        guard handle != 0, !secret.isEmpty else { return nil }
        self.handle = handle
        self.digest = digest
    }

    deinit { postern_openssl_hmac_destroy(handle) }

    /// The code of `message`; nil when libcrypto fails, for want of memory.
    func code(of message: ArraySlice<UInt8>) -> [UInt8]? {
        let code = unsafe [UInt8](unsafeUninitializedCapacity: Int(POSTERN_OPENSSL_DIGEST_CAPACITY)) {
            code, count in
            count = unsafe message.withUnsafeBufferPointer { bytes in
                unsafe postern_openssl_hmac_compute(handle, bytes.baseAddress, bytes.count, code.baseAddress)
            }
        }
        return code.count == digest.length ? code : nil
    }

    /// Whether `code` is the code of `message`, compared in constant time.
    func isCode(_ code: [UInt8], of message: ArraySlice<UInt8>) -> Bool {
        guard let own = self.code(of: message) else { return false }
        return OpenSSL.areEqual(own, code)
    }
}
