import Shared

/// A request to the endpoints of sessions: its body, and what it shows of who asks.
struct SessionRequest {
    /// The members of its body; a request without a body has none.
    let body: StrictJSONObject
    private let request: ServiceRequest
    private let cookies: SessionCookies?

    /// - Throws: what is wrong with the body.
    init(_ request: ServiceRequest, cookies: SessionCookies?) throws(LoginRequest.Fault) {
        self.request = request
        self.cookies = cookies
        guard !request.body.isEmpty else {
            body = StrictJSONObject()
            return
        }
        do throws(StrictJSONError) {
            body = try StrictJSON.parseObject(request.body)
        } catch {
            throw .invalidJSON
        }
    }

    /// The refresh token that the client shows, in the body or in the cookie. In the body it counts alone: who shows one
    /// there is to get tokens there.
    var refreshToken: (text: String, isCookie: Bool)? {
        if let member = body["refreshToken"] { return (member.string ?? "", false) }
        return cookies.flatMap { SessionCookies.value(of: $0.refresh, in: request) }.map { ($0, true) }
    }

    /// The access token that the client shows; `Authorization` goes before the cookie.
    var accessToken: (credentials: BearerCredentials, isCookie: Bool)? {
        let fields = request.values(.authorization)
        if !fields.isEmpty { return (BearerCredentials(fields), false) }
        guard let value = cookies.flatMap({ SessionCookies.value(of: $0.access, in: request) }) else { return nil }
        return (BearerCredentials([Array("Bearer \(value)".utf8)[...]]), true)
    }
}

/// Whose a good access token is.
struct SessionHolder: Sendable {
    let user: Int64
    let session: String

    /// Nil for a token that is refused, and for one that no login of ours with sessions has made.
    init?(_ credentials: BearerCredentials, keys: LiveKeys, revocations: LiveRevocations, now: Int64) {
        guard case .token(let bytes) = credentials, let token = try? keys.current.verifier.verify(bytes, now: now),
            !revocations.refuses(token), let session = token.claims["sid"]?.string,
            let user = token.claims["userId"]?.integer
        else { return nil }
        self.user = user
        self.session = session
    }
}
