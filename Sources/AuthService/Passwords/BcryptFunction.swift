// Unsafe code: texts and buffers are handed to libxcrypt as pointers, for the length of the call.
import CPassword

/// bcrypt, as libxcrypt does it.
enum BcryptFunction {
    /// The bytes of a password that bcrypt looks at; what comes after them counts for nothing.
    static let significantBytes = 72
    /// Bytes of a whole hash: `$2b$10$`, 22 letters of salt, 31 of the result.
    static let hashLength = 60
    /// Each step up doubles the work.
    static let costs = 4...31

    /// The hash of `password` as `setting` says; nil when libxcrypt cannot. Takes milliseconds to seconds, by the cost.
    static func hash(_ password: [UInt8], setting: String) -> String? {
        let significant = password.prefix(significantBytes)
        var hash = [CChar](repeating: 0, count: Int(POSTERN_PASSWORD_CAPACITY))
        let done = unsafe significant.withUnsafeBufferPointer { password in
            unsafe setting.withCString { setting in
                unsafe hash.withUnsafeMutableBufferPointer { hash in
                    unsafe postern_password_hash(password.baseAddress, password.count, setting, hash.baseAddress)
                }
            }
        }
        return done ? text(hash) : nil
    }

    /// A setting for new hashes, of a fresh salt; nil without entropy or for a cost outside `costs`.
    static func setting(cost: Int) -> String? {
        guard costs.contains(cost), let salt = OpenSSL.randomBytes(Int(POSTERN_PASSWORD_SALT)) else { return nil }
        var setting = [CChar](repeating: 0, count: Int(POSTERN_PASSWORD_CAPACITY))
        let done = unsafe salt.withUnsafeBufferPointer { salt in
            unsafe setting.withUnsafeMutableBufferPointer { setting in
                unsafe postern_password_setting("$2b$", UInt(cost), salt.baseAddress, setting.baseAddress)
            }
        }
        return done ? text(setting) : nil
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
