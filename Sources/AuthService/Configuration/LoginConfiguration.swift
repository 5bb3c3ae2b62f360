import Shared

/// `login` in `auth.yaml`, every key with its default:
///
/// ```yaml
/// login:
///   errors: uniform                     # uniform | tutorial: whether an unknown user can be told from a wrong password
///   limits:                             # or off
///     account: 5                        # failures at one account that are free
///     address: 100                      # failures from one client's network that are
///     delay: 1s                         # the wait after them, which each further failure doubles
///     longest_delay: 15m
///     forget: 1h                        # the time in which as many failures are forgotten as are free
///   forwarded_from: [postern-gateway]   # users whose word on a client's address is taken, besides our own
/// ```
struct LoginConfiguration: Equatable, Sendable {
    var errors = LoginErrors.uniform
    /// Nil for no limits.
    var limits: LoginLimits? = LoginLimits()
    /// Nil where it is not said: see `ForwardingPolicy`.
    var forwardedFrom: [AllowedUser]?

    init() {}

    init(_ reader: ConfigurationReader?) {
        guard let reader else { return }
        errors = reader.value("errors", .word, default: errors)
        if let given = reader.optional("limits", .loginLimits) { limits = given.limits }
        forwardedFrom = reader.optional("forwarded_from", .list(of: .allowedUser))
    }
}

/// The value of `login.limits`.
private struct GivenLimits {
    /// Nil for `off`.
    let limits: LoginLimits?
}

extension ValueForm where Value == GivenLimits {
    fileprivate static var loginLimits: ValueForm {
        ValueForm { node in
            guard node.isMapping else {
                guard node.text == "off" else {
                    node.reportMismatch(
                        expected: "`off`, or a mapping", mend: "Write for example `limits: {account: 5, address: 100}`."
                    )
                    return nil
                }
                return GivenLimits(limits: nil)
            }
            return node.read(as: .mapping).map { GivenLimits(limits: LoginLimits($0)) }
        }
    }
}

extension LoginLimits {
    fileprivate init(_ reader: ConfigurationReader) {
        let time = Duration.milliseconds(100)...(.seconds(86400))
        account = reader.value("account", .integer(in: 1...1000), default: account)
        address = reader.value("address", .integer(in: 1...1_000_000), default: address)
        delay = reader.optional("delay", .duration(in: time)).map(Self.milliseconds) ?? delay
        longest = reader.optional("longest_delay", .duration(in: time)).map(Self.milliseconds) ?? max(longest, delay)
        forget =
            reader.optional("forget", .duration(in: .seconds(1)...(.seconds(86400 * 30)))).map(Self.milliseconds)
            ?? forget
        if longest < delay {
            reader.report(
                "longest_delay", "`login.limits.longest_delay` is shorter than `delay`", mend: "Make it longer.")
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int64 { Int64(duration / .milliseconds(1)) }
}
