// Unsafe code: bytes are handed to libcrypto as pointers, for the length of the call.
import COpenSSL

/// What needs no key.
enum OpenSSL {
    /// Whether both hold the same bytes; how long it takes depends on their lengths alone.
    static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return unsafe one.withUnsafeBufferPointer { one in
            unsafe other.withUnsafeBufferPointer { other in
                guard let one = one.baseAddress, let last = other.baseAddress else { return true }
                return unsafe postern_openssl_equal(one, last, other.count)
            }
        }
    }

    /// Bytes of libcrypto's generator; nil when it has no entropy to give.
    static func randomBytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let filled = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe postern_openssl_random(buffer.baseAddress, buffer.count)
        }
        return filled ? bytes : nil
    }

    /// The 32 bytes of SHA-256 (FIPS 180-4); nil when libcrypto fails.
    static func sha256(_ message: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        let done = unsafe digest.withUnsafeMutableBufferPointer { digest in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe postern_openssl_sha256(message.baseAddress, message.count, digest.baseAddress)
            }
        }
        return done ? digest : nil
    }

    /// Overwrites a secret that was read, as far as this array is its only holder.
    static func cleanse(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            unsafe postern_openssl_cleanse(buffer.baseAddress, buffer.count)
        }
        bytes.removeAll()
    }
}
