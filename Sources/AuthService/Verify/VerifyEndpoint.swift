import Shared

/// `GET /verify` with the client's `Authorization`, or without one its `Cookie`: the verdict on its token, in the way of
/// nginx's `auth_request`.
///
/// 200 with `Postern-User`, `Postern-Claims` (base64url), `Postern-Expires` (`exp`, where the token has one) and
/// `Cache-Control`, or 401 with the body and the `WWW-Authenticate` that the client is to get, or 503 with `Retry-After`
/// where an issuer's keys are not to be had. It answers on the event loop, where nothing waits or blocks; a question whose
/// key is being fetched waits in a task.
struct VerifyEndpoint: Sendable {
    static let pattern = "/verify"

    let keys: LiveKeys
    let revocations: LiveRevocations
    let lifetime: VerdictLifetime
    var issuers = Issuers.none
    /// Our own `iss`.
    var ownName: String?
    /// Cookies that hold tokens of our own.
    var ownCookies: [CookieName] = []
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    var endpoint: ServiceEndpoint {
        guard !issuers.isEmpty else {
            return ServiceEndpoint(
                .get, Self.pattern, .immediate { answer($0.values(.authorization), cookies(of: $0)) })
        }
        return ServiceEndpoint(
            .get, Self.pattern,
            .kept(
                attempt: { request in
                    let verdict = verdict(request.values(.authorization), cookies(of: request))
                    if case .unknown(_, .some) = verdict { return nil }
                    return answer(verdict)
                },
                otherwise: { request in
                    let verdict = verdict(request.values(.authorization), cookies(of: request))
                    guard case .unknown(_, let keys?) = verdict else { return answer(verdict) }
                    await keys.waitForFetch()
                    return answer(request.values(.authorization), cookies(of: request))
                }))
    }

    /// Not looked at where no cookie holds a token.
    private func cookies(of request: ServiceRequest) -> [ArraySlice<UInt8>] {
        issuers.isEmpty && ownCookies.isEmpty ? [] : request.values(.cookie)
    }

    /// What becomes of one question.
    private enum Verdict {
        case missing
        case good(VerifiedToken, now: Int64)
        /// Seconds for which it may be kept.
        case refused(seconds: Int64)
        /// Nanoseconds until it is worth asking again; the keys to wait for.
        case unknown(retryAfter: UInt64, IssuerKeys?)
    }

    /// - Parameters:
    ///   - authorization: the values of all Authorization fields.
    ///   - cookies: the values of all Cookie fields, which count without Authorization alone.
    func answer(_ authorization: [ArraySlice<UInt8>], _ cookies: [ArraySlice<UInt8>] = []) -> ServiceResponse {
        answer(verdict(authorization, cookies))
    }

    private func verdict(_ authorization: [ArraySlice<UInt8>], _ cookies: [ArraySlice<UInt8>]) -> Verdict {
        switch BearerCredentials(authorization) {
        case .missing: cookies.isEmpty ? .missing : verdict(cookies)
        case .malformed: .refused(seconds: lifetime.refused)
        case .token(let token): verdict(token, from: .header)
        }
    }

    /// The first pair that is good; without one, whether that is certain.
    private func verdict(_ cookies: [ArraySlice<UInt8>]) -> Verdict {
        let credentials = CookieCredentials(cookies) { name in
            issuers.takeCookie(name) || ownCookies.contains { $0.matches(name) }
        }
        var worst = Verdict.missing
        for pair in credentials.pairs {
            let verdict = verdict(pair.token, from: .cookie(pair.name))
            switch (verdict, worst) {
            case (.good, _): return verdict
            case (_, .unknown): break
            case (.refused(let seconds), .refused(let other)): worst = .refused(seconds: min(seconds, other))
            default: worst = verdict
            }
        }
        return worst
    }

    private func verdict(_ token: ArraySlice<UInt8>, from place: TokenPlace) -> Verdict {
        let now = now()
        let judge = TokenJudge(
            own: keys.current.verifier, ownName: ownName, issuers: issuers, ownCookies: ownCookies)
        switch judge.judge(token, from: place, now: now) {
        case .good(let token):
            guard !revocations.refuses(token) else {
                return .refused(seconds: lifetime.seconds(for: .revoked, now: now))
            }
            return .good(token, now: now)
        case .refused(let error): return .refused(seconds: lifetime.seconds(for: error, now: now))
        case .unknown(let retryAfter, let keys): return .unknown(retryAfter: retryAfter, keys)
        }
    }

    private func answer(_ verdict: Verdict) -> ServiceResponse {
        switch verdict {
        case .missing:
            .error(
                "The authorization header is required", status: 401,
                fields: [("WWW-Authenticate", "Bearer"), ("Cache-Control", "no-store")])
        case .good(let token, let now): good(token, now: now)
        case .refused(let seconds): Self.unauthorized(seconds: seconds)
        case .unknown(let retryAfter, _): Self.unavailable(after: retryAfter)
        }
    }

    private func good(_ token: VerifiedToken, now: Int64) -> ServiceResponse {
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(4)
        if let user = token.user { fields.append(("Postern-User", user)) }
        fields.append(("Postern-Claims", token.payload))
        if let expiry = token.expiry {
            // Rounded down: a stream may end a little before its token, and not after it.
            fields.append(("Postern-Expires", String(Int64(expiry.rounded(.down)))))
        }
        fields.append(("Cache-Control", "private, max-age=" + String(lifetime.seconds(for: token, now: now))))
        return ServiceResponse(status: 200, fields: fields)
    }

    private static func unauthorized(seconds: Int64) -> ServiceResponse {
        .error(
            "Unauthorized", status: 401,
            fields: [
                ("WWW-Authenticate", "Bearer error=\"invalid_token\""),
                ("Cache-Control", "private, max-age=\(seconds)"),
            ])
    }

    /// Neither good nor bad: who asks must not take it for either.
    private static func unavailable(after wait: UInt64) -> ServiceResponse {
        let seconds = max(1, (wait &+ IssuerKeyStateMachine.second - 1) / IssuerKeyStateMachine.second)
        return .error(
            "Service unavailable", status: 503,
            fields: [("Retry-After", "\(min(seconds, 3600))"), ("Cache-Control", "no-store")])
    }
}
