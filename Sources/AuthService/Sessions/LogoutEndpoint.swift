import Shared

/// `POST /api/auth/logout`: ends the session of the token that is shown, with `{"all":true}` all of its user's, with
/// `{"session":SID}` that one of its user's. What has ended already is no error.
struct LogoutEndpoint: Sendable {
    static let pattern = "/api/auth/logout"

    let keeper: SessionKeeper

    /// What is to end.
    fileprivate enum Extent: Sendable {
        case own
        case other(String)
        case all
    }

    var endpoint: ServiceEndpoint { ServiceEndpoint(.post, Self.pattern, .concurrent(answer)) }

    @Sendable func answer(_ request: ServiceRequest) async -> ServiceResponse {
        let asked: SessionRequest
        do throws(LoginRequest.Fault) {
            asked = try SessionRequest(request, cookies: keeper.cookies)
        } catch {
            return SessionAnswers.malformed(error)
        }
        guard let extent = Self.extent(asked) else {
            return SessionAnswers.badRequest("all must be true or false, and session text")
        }
        let access = asked.accessToken
        let refresh = asked.refreshToken
        guard access != nil || refresh != nil else { return SessionAnswers.missing }
        // What a client writes into the request itself goes before the cookies that its browser adds.
        let usesCookies = access?.isCookie != false && refresh?.isCookie != false
        if usesCookies, let refusal = keeper.refusal(of: request) { return refusal }
        do throws(StoreQueue.Unavailable) {
            var ended: Int?
            if let refresh, refresh.isCookie == usesCookies, let token = RefreshToken(refresh.text) {
                ended = try await end(extent, of: token)
            }
            if ended ?? 0 == 0, let access, access.isCookie == usesCookies,
                let count = try await end(extent, of: access.credentials)
            {
                ended = count
            }
            // Cookies of a session that has ended are taken from the browser.
            guard let count = ended ?? (usesCookies ? 0 : nil) else { return SessionAnswers.unauthorized() }
            keeper.counters.ended.count(count)
            return SessionAnswers.ended(count, clearing: usesCookies ? keeper.cookies : nil)
        } catch {
            return SessionAnswers.unavailable
        }
    }

    private static func extent(_ asked: SessionRequest) -> Extent? {
        if let session = asked.body["session"] { return session.string.map(Extent.other) }
        switch asked.body["all"] {
        case nil, .bool(false)?: return .own
        case .bool(true)?: return .all
        default: return nil
        }
    }

    /// - Returns: how many sessions have ended. An unknown token may be one of a session that has ended before.
    private func end(_ extent: Extent, of token: RefreshToken) async throws(StoreQueue.Unavailable) -> Int {
        let (keeper, now) = (keeper, keeper.now())
        return try await keeper.queue.run { () throws(AccountStoreError) in
            guard let (session, isInForce) = try keeper.store.session(of: token, now: now) else { return 0 }
            // An old one ends its own session, as it does when it is used: that much its holder can do, and no more.
            return try keeper.end(
                isInForce ? extent.sessions(of: session.id) : session.id, ofUser: session.user, now: now)
        }
    }

    /// - Returns: how many sessions have ended; nil for a token that is not good.
    private func end(_ extent: Extent, of credentials: BearerCredentials) async throws(StoreQueue.Unavailable) -> Int? {
        let (keeper, now) = (keeper, keeper.now())
        guard case .token(let bytes) = credentials,
            let token = try? keeper.keys.current.verifier.verify(bytes, now: now)
        else { return nil }
        let isRevoked = keeper.revocations.refuses(token)
        if let user = token.claims["userId"]?.integer, let session = token.claims["sid"]?.string {
            if isRevoked { if case .own = extent { return 0 } else { return nil } }
            return try await keeper.queue.run { () throws(AccountStoreError) in
                try keeper.end(extent.sessions(of: session), ofUser: user, now: now)
            }
        }
        // One from before there were sessions, or of another holder of the key: it alone can end.
        guard case .own = extent else { return nil }
        guard !isRevoked else { return 0 }
        guard let revocation = Revocation(of: token, now: now) else { throw StoreQueue.Unavailable() }
        try await keeper.queue.run { () throws(AccountStoreError) in try keeper.store.revoke(revocation) }
        return 1
    }
}

extension LogoutEndpoint.Extent {
    /// The session that is to end; nil for all of the user's.
    fileprivate func sessions(of own: String) -> String? {
        switch self {
        case .own: own
        case .other(let session): session
        case .all: nil
        }
    }
}

extension SessionKeeper {
    /// Ends that session of the user's, or all. Blocks on the disk.
    fileprivate func end(_ session: String?, ofUser user: Int64, now: Int64) throws(AccountStoreError) -> Int {
        guard let session else { return try store.endSessions(ofUser: user, keep: keep, now: now) }
        return try store.endSession(session, ofUser: user, now: now) == nil ? 0 : 1
    }
}
