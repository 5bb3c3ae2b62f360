/// A way to hash passwords: `passwords.scheme` in `auth.yaml`.
enum PasswordScheme: String, Sendable, CaseIterable {
    case bcrypt
    /// Needs memory as well as time (2^(19 + cost) bytes), so that machines built for guessing gain less.
    case yescrypt

    /// What crypt(5) has for a cost; each step up doubles the work, and yescrypt's memory.
    var costs: ClosedRange<Int> {
        switch self {
        case .bcrypt: 4...31
        case .yescrypt: 1...11
        }
    }

    var defaultCost: Int {
        switch self {
        case .bcrypt: 10
        case .yescrypt: 5
        }
    }

    /// Bytes of the longest password. Of a longer one bcrypt would leave out the rest; yescrypt has no limit of its own,
    /// libxcrypt has this one.
    var longest: Int {
        switch self {
        case .bcrypt: 72
        case .yescrypt: CryptFunction.longest
        }
    }

    /// How new hashes begin.
    var prefix: String {
        switch self {
        case .bcrypt: "$2b$"
        case .yescrypt: "$y$"
        }
    }
}

/// What a hash was made by, or new ones are to be: a scheme and its cost.
struct PasswordForm: Sendable, Equatable {
    let scheme: PasswordScheme
    let cost: Int

    init(_ scheme: PasswordScheme, cost: Int) {
        self.scheme = scheme
        self.cost = cost
    }

    /// What a hash, or the setting for one, begins with; nil for what is neither bcrypt nor yescrypt of a cost that
    /// crypt_gensalt(3) has. Other parameters of yescrypt would have nobody bound the memory.
    init?(hash: String) {
        let parts = hash.split(separator: "$", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty else { return nil }
        switch parts[1] {
        case "2a", "2b", "2y":
            // "$2x$" is the hash of a broken program, and stays out.
            guard parts[2].utf8.count == 2, let cost = Int(parts[2]), PasswordScheme.bcrypt.costs.contains(cost) else {
                return nil
            }
            self.init(.bcrypt, cost: cost)
        case "y":
            guard let index = Self.yescryptParameters.firstIndex(of: String(parts[2])) else { return nil }
            self.init(.yescrypt, cost: index + PasswordScheme.yescrypt.costs.lowerBound)
        default: return nil
        }
    }

    /// How crypt_gensalt(3) writes the costs from 1 on: N is 2^10, 2^11 with r = 8, then 2^10 to 2^18 with r = 32.
    private static let yescryptParameters = [
        "j75", "j85", "j7T", "j8T", "j9T", "jAT", "jBT", "jCT", "jDT", "jET", "jFT",
    ]
}
