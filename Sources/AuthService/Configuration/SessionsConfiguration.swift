import Shared

/// `sessions` in `auth.yaml`: `off`, `on`, or a mapping, which is on.
///
/// ```yaml
/// sessions:
///   idle: 7d          # a session that is not refreshed for that long has ended
///   lifetime: 30d     # a session has ended that long after its login
///   per_user: 32      # sessions of one user; one more ends the one that was not used for longest
///   reuse_grace: 0s   # for how long the refresh token before the last does not end its session
///   cookie: off       # off | on | NAME: tokens in the cookies __Host-NAME and __Secure-NAME-refresh
/// ```
struct SessionsConfiguration: Equatable, Sendable {
    var rules = SessionRules()
    /// Nil for tokens in the bodies of answers alone.
    var cookies: SessionCookies?

    /// Seconds from `iat` to `exp` of a session's tokens where `token.lifetime` does not say otherwise.
    static let tokenLifetime: Int64 = 900
    /// What `cookie: on` stands for.
    static let cookieName = "session"

    /// Nil when sessions are off.
    static func read(_ reader: ConfigurationReader) -> SessionsConfiguration? {
        reader.optional("sessions", .sessions) ?? nil
    }

    fileprivate init() {}

    fileprivate init(_ reader: ConfigurationReader) {
        let times = Duration.seconds(60)...(.seconds(86400 * 3650))
        rules.idle = reader.value("idle", .wholeSeconds(in: times), default: rules.idle)
        rules.lifetime = reader.value("lifetime", .wholeSeconds(in: times), default: rules.lifetime)
        rules.perUser = reader.value("per_user", .integer(in: 1...1000), default: rules.perUser)
        rules.grace = reader.value(
            "reuse_grace", .wholeSeconds(in: .zero...(.seconds(60))), default: rules.grace)
        cookies = reader.optional("cookie", .sessionCookies) ?? nil
        if rules.idle > rules.lifetime, reader.has("idle") || reader.has("lifetime") {
            reader.report(
                reader.has("idle") ? "idle" : "lifetime", "`sessions.idle` is longer than `sessions.lifetime`",
                mend: "A session ends at its lifetime, however it is used: make `idle` shorter, or `lifetime` longer.")
        }
    }
}

/// `off` or `on`.
enum Switch: String, CaseIterable {
    case off
    case on
}

extension ValueForm where Value == SessionsConfiguration? {
    fileprivate static var sessions: ValueForm {
        ValueForm { node in
            guard !node.isMapping else { return node.read(as: .mapping).map { .some(SessionsConfiguration($0)) } }
            return node.read(as: ValueForm<Switch>.word).map { $0 == .on ? SessionsConfiguration() : nil }
        }
    }
}

extension ValueForm where Value == SessionCookies? {
    /// `off`, `on`, or letters, digits, `-` and `_`: what a cookie's name may have everywhere.
    fileprivate static var sessionCookies: ValueForm {
        text(expected: "off, on, or a name of letters, digits, - and _") { text in
            if text == Switch.off.rawValue { return .some(nil) }
            if text == Switch.on.rawValue { return SessionCookies(name: SessionsConfiguration.cookieName) }
            // Not `: nil` in one expression with the name: that would be `off`.
            guard text.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil else { return nil }
            return SessionCookies(name: text)
        }
    }
}
