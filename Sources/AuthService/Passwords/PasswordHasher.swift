/// Makes and checks the hashes of passwords. Every call takes as long as the cost says: call it on the `HashingPool`.
struct PasswordHasher: Sendable {
    /// The hash of a password as a setting says; nil when it cannot be made.
    typealias Function = @Sendable (_ password: [UInt8], _ setting: String) -> String?

    /// What new hashes are made by.
    let form: PasswordForm
    private let function: Function

    init(_ form: PasswordForm, function: @escaping Function = { CryptFunction.hash($0, setting: $1) }) {
        self.form = form
        self.function = function
    }

    /// A new hash.
    /// - Throws: `PasswordError` for a password that the scheme would not take as a whole.
    func hash(_ password: String) throws(PasswordError) -> String {
        try PasswordError.check(password, for: form.scheme)
        guard let setting = CryptFunction.setting(form), let hash = function(Array(password.utf8), setting) else {
            throw .unavailable
        }
        return hash
    }

    /// Whether `hash` (`$2a$`, `$2b$`, `$2y$` or `$y$`) was made from `password`; false for a hash of any other form.
    ///
    /// As bcrypt does everywhere, only the first 72 bytes are compared: a hash that another program made of a longer
    /// password matches every password that begins so. A password with a NUL, which libxcrypt cannot see past, and one
    /// that is too long for yescrypt match nothing.
    func matches(_ password: String, hash: String) -> Bool {
        guard Self.isWhole(hash), let form = PasswordForm(hash: hash) else {
            spendTime(on: password)
            return false
        }
        guard let computed = function(Array(password.utf8), hash) else { return false }
        guard form.scheme == .bcrypt || password.utf8.count <= form.scheme.longest else { return false }
        return OpenSSL.areEqual(Array(computed.utf8), Array(hash.utf8)) && !password.utf8.contains(0)
    }

    /// Does the work of `matches` for an account that does not exist, so that its absence shows in no time.
    /// Accounts whose hash has another form than the configured one still differ, until it is made anew.
    func spendTime(on password: String) {
        guard let setting = CryptFunction.setting(form) else { return }
        _ = function(Array(password.utf8), setting)
    }

    /// Whether `hash`, which `password` matched, should be made anew in the configured form.
    ///
    /// Not where the password is longer than what was compared: whatever was typed beyond that would become part of it.
    func shouldReplace(_ hash: String, of password: String) -> Bool {
        guard let found = PasswordForm(hash: hash), found != form else { return false }
        let length = password.utf8.count
        return length <= found.scheme.longest && length <= form.scheme.longest
    }

    /// A setting alone would match whatever a cut result is.
    private static func isWhole(_ hash: String) -> Bool {
        let length = hash.utf8.count
        guard hash.hasPrefix("$y$") else { return length == 60 }
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        return parts.count == 5 && parts[4].utf8.count == 43 && length < 384
    }
}

/// Why a password cannot be set.
enum PasswordError: Error, Equatable, CustomStringConvertible {
    case empty
    /// `longest`: bytes that the scheme takes.
    case tooLong(longest: Int)
    case hasNUL
    case unavailable

    static func check(_ password: String, for scheme: PasswordScheme) throws(PasswordError) {
        guard !password.isEmpty else { throw .empty }
        guard password.utf8.count <= scheme.longest else { throw .tooLong(longest: scheme.longest) }
        guard !password.utf8.contains(0) else { throw .hasNUL }
    }

    var description: String {
        switch self {
        case .empty: "the password is empty"
        case .tooLong(let longest): "the password has more than \(longest) bytes, and its hash would leave out the rest"
        case .hasNUL: "the password has a NUL character"
        case .unavailable: "the password cannot be hashed: memory or randomness is lacking"
        }
    }
}
