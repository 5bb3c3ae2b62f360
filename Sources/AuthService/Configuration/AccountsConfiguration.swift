import Shared

/// `accounts` in `auth.yaml`.
///
/// ```yaml
/// accounts:
///   sign_up: off                # off | on: whether anybody may make an account, at POST /api/auth/users
///   sign_ups_per_client: 10     # attempts of one client in an hour
///   most: 100000                # accounts with which signing up ends
/// ```
struct AccountsConfiguration: Equatable, Sendable {
    var signUp = false
    var signUpsPerClient = 10
    var most = 100_000

    init(_ reader: ConfigurationReader? = nil) {
        guard let reader else { return }
        signUp = reader.value("sign_up", ValueForm<Switch>.word, default: .off) == .on
        signUpsPerClient = reader.value("sign_ups_per_client", .integer(in: 1...1_000_000), default: signUpsPerClient)
        most = reader.value("most", .integer(in: 1...1_000_000_000), default: most)
    }
}

/// `revocations` in `auth.yaml`.
///
/// ```yaml
/// revocations:
///   keep: 400d    # a revocation whose tokens' end is not known: a user's, another issuer's session
/// ```
enum RevocationsConfiguration {
    static let defaultKeep: Int64 = 400 * 86400

    /// Seconds for which such a revocation is kept; never shorter than our own tokens last.
    static func keep(_ reader: ConfigurationReader?, tokenLifetime: Int64) -> Int64 {
        let range = Duration.seconds(3600)...(.seconds(86400 * 36500))
        guard let reader, let keep = reader.optional("keep", .wholeSeconds(in: range)) else {
            return max(defaultKeep, tokenLifetime)
        }
        if keep < tokenLifetime {
            reader.report(
                "keep", "`revocations.keep` is shorter than `token.lifetime`",
                mend: "Tokens would be good again before they expire: make it longer.")
        }
        return keep
    }
}
