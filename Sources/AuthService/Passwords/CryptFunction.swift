// Unsafe code: texts and buffers are handed to libxcrypt as pointers, for the length of the call.
import CPassword

/// The functions of crypt(5), as libxcrypt does them.
enum CryptFunction {
    /// Bytes of the longest password that the library takes.
    static let longest = Int(POSTERN_PASSWORD_LONGEST)

    /// The hash of `password` as `setting` says, which may be a whole hash; nil when libxcrypt cannot, for want of memory
    /// or for a setting that it does not know. Takes milliseconds to seconds, by the cost.
    ///
    /// A password that is longer than its scheme takes is cut there: that it is too long is for the caller to say.
    static func hash(_ password: [UInt8], setting: String) -> String? {
        let significant = password.prefix(PasswordForm(hash: setting)?.scheme.longest ?? longest)
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

    /// A setting for new hashes, of a fresh salt; nil without entropy or for a cost that the scheme does not have.
    static func setting(_ form: PasswordForm) -> String? {
        guard form.scheme.costs.contains(form.cost), let salt = OpenSSL.randomBytes(Int(POSTERN_PASSWORD_SALT)) else {
            return nil
        }
        var setting = [CChar](repeating: 0, count: Int(POSTERN_PASSWORD_CAPACITY))
        let done = unsafe salt.withUnsafeBufferPointer { salt in
            unsafe setting.withUnsafeMutableBufferPointer { setting in
                unsafe postern_password_setting(
                    form.scheme.prefix, UInt(form.cost), salt.baseAddress, setting.baseAddress)
            }
        }
        return done ? text(setting) : nil
    }

    private static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
