/// Makes and checks the hashes of passwords. Every call takes as long as the cost says: call it on the `HashingPool`.
struct PasswordHasher: Sendable {
    /// The cost of new hashes, as a power of two (`BcryptFunction.costs`).
    let cost: Int

    /// A new `$2b$` hash.
    /// - Throws: `PasswordError` for a password that bcrypt would not take as a whole.
    func hash(_ password: String) throws(PasswordError) -> String {
        try PasswordError.check(password)
        guard let setting = BcryptFunction.setting(cost: cost),
            let hash = BcryptFunction.hash(Array(password.utf8), setting: setting)
        else { throw .unavailable }
        return hash
    }

    /// Whether `hash` (`$2a$`, `$2b$` or `$2y$`) was made from `password`; false for a hash of any other form.
    ///
    /// As bcrypt does everywhere, only the first 72 bytes are compared: a hash that another program made of a longer
    /// password matches every password that begins so. A password with a NUL, which libxcrypt cannot see past,
    /// matches nothing.
    func matches(_ password: String, hash: String) -> Bool {
        guard ["$2a$", "$2b$", "$2y$"].contains(where: hash.hasPrefix), hash.utf8.count == BcryptFunction.hashLength
        else {
            spendTime(on: password)
            return false
        }
        guard let computed = BcryptFunction.hash(Array(password.utf8), setting: hash) else { return false }
        return OpenSSL.areEqual(Array(computed.utf8), Array(hash.utf8)) && !password.utf8.contains(0)
    }

    /// Does the work of `matches` for an account that does not exist, so that its absence shows in no time.
    /// Accounts whose hash has another cost than the configured one still differ, until their password is set anew.
    func spendTime(on password: String) {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        let salt = String(repeating: ".", count: 22)
        _ = BcryptFunction.hash(Array(password.utf8), setting: "$2b$\(digits)$\(salt)")
    }
}

/// Why a password cannot be set.
enum PasswordError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong
    case hasNUL
    case unavailable

    static func check(_ password: String) throws(PasswordError) {
        guard !password.isEmpty else { throw .empty }
        guard password.utf8.count <= BcryptFunction.significantBytes else { throw .tooLong }
        guard !password.utf8.contains(0) else { throw .hasNUL }
    }

    var description: String {
        switch self {
        case .empty: "the password is empty"
        case .tooLong:
            "the password has more than \(BcryptFunction.significantBytes) bytes, and bcrypt would leave out the rest"
        case .hasNUL: "the password has a NUL character"
        case .unavailable: "the password cannot be hashed: memory or randomness is lacking"
        }
    }
}
