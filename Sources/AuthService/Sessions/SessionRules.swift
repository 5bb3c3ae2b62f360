/// How long sessions last, and how many there may be: `sessions` in `auth.yaml`. Times are in seconds.
struct SessionRules: Sendable, Equatable {
    /// A session that is not refreshed for that long has ended.
    var idle: Int64 = 7 * 86400
    /// A session has ended that long after its login.
    var lifetime: Int64 = 30 * 86400
    /// Sessions of one user at once; one more ends the one that was not used for longest.
    var perUser = 32
    /// For how long the refresh token before the last may be shown once more without ending its session. It gives
    /// nothing either.
    var grace: Int64 = 0

    /// What a refresh token is worth.
    enum Judgement: Equatable {
        case good
        /// The session's time is over.
        case expired
        /// It was used a moment ago, by somebody who may well be the same client.
        case tooSoon
        /// It was used before: two parties have had it, and nobody knows which of them is the right one.
        case reused
    }

    /// - Parameters:
    ///   - token: the digest of the refresh token that is in force.
    ///   - previous: the digest of the one before it; nil before the first refresh.
    ///   - presented: the digest of what was shown, of the session's own family.
    func judge(
        _ presented: [UInt8], token: [UInt8], previous: [UInt8]?, session: Session, now: Int64
    ) -> Judgement {
        if session.hasExpired(at: now) { return .expired }
        if OpenSSL.areEqual(presented, token) { return .good }
        if let previous, OpenSSL.areEqual(presented, previous), now - session.used < grace { return .tooSoon }
        return .reused
    }

    /// A session that begins now.
    func begin(id: String, user: Int64, now: Int64) -> Session {
        let ends = now + lifetime
        return Session(
            id: id, user: user, begun: now, used: now, expires: min(now + idle, ends), ends: ends, tokensEnd: now)
    }

    /// The session after a use of it.
    func refreshed(_ session: Session, now: Int64) -> Session {
        var session = session
        // A clock that was set back shortens nothing that was promised.
        session.used = max(session.used, now)
        session.expires = max(session.expires, min(now + idle, session.ends))
        return session
    }
}
