import Shared

/// What the endpoints of sessions answer. No cache keeps any of it.
enum SessionAnswers {
    static let noStore = [(name: "Cache-Control", value: "no-store")]

    /// `{"token":…,"refreshToken":…,"expiresIn":…}`; with cookies the tokens are in them alone, where no script reads them.
    static func tokens(_ tokens: SessionKeeper.Tokens, cookies: SessionCookies?) -> ServiceResponse {
        let seconds = max(0, tokens.access.expires - tokens.made)
        let body = JSONWriter.bytes { writer in
            writer.object { object in
                if cookies == nil {
                    object.key("token")
                    object.string(utf8: tokens.access.bytes)
                    object.member("refreshToken", tokens.refresh.text)
                }
                object.member("expiresIn", seconds)
            }
        }
        let setting = cookies?.setting(
            token: tokens.access, accessSeconds: seconds, refresh: tokens.refresh,
            refreshSeconds: max(0, tokens.session.expires - tokens.made))
        return .json(body, fields: noStore + (setting ?? []))
    }

    /// How many sessions a logout has ended.
    static func ended(_ count: Int, clearing cookies: SessionCookies?) -> ServiceResponse {
        .json(
            JSONWriter.bytes { $0.object { $0.member("ended", count) } }, fields: noStore + (cookies?.clearing ?? []))
    }

    static func unauthorized(clearing cookies: SessionCookies? = nil) -> ServiceResponse {
        .error(
            "Unauthorized", status: 401,
            fields: [("WWW-Authenticate", "Bearer error=\"invalid_token\"")] + noStore + (cookies?.clearing ?? []))
    }

    static let missing = ServiceResponse.error(
        "A token is required", status: 401, fields: [("WWW-Authenticate", "Bearer")] + noStore)

    static let unavailable = ServiceResponse.error(
        "This is not possible right now, try again later", status: 503, fields: [("Retry-After", "1")] + noStore)

    static func malformed(_ fault: LoginRequest.Fault) -> ServiceResponse {
        var response = fault.response
        response.fields += noStore
        return response
    }

    static func badRequest(_ message: StaticString) -> ServiceResponse {
        .error(message, status: 400, fields: noStore)
    }
}
