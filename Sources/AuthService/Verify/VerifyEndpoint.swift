import Shared

/// `GET /verify` with the client's `Authorization`: the verdict on its token, in the way of nginx's `auth_request`.
///
/// 200 with `Postern-User`, `Postern-Claims` (the payload's base64url), `Postern-Expires` (`exp`, where the token has
/// one) and `Cache-Control`, or 401 with the body and the `WWW-Authenticate` that the client is to get. It answers on
/// the event loop: nothing here waits or blocks.
struct VerifyEndpoint: Sendable {
    static let pattern = "/verify"

    let keys: LiveKeys
    let revocations: LiveRevocations
    let lifetime: VerdictLifetime
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    var endpoint: ServiceEndpoint {
        ServiceEndpoint(.get, Self.pattern, .immediate { request in answer(request.values(.authorization)) })
    }

    /// - Parameter authorization: the values of all Authorization fields.
    func answer(_ authorization: [ArraySlice<UInt8>]) -> ServiceResponse {
        switch BearerCredentials(authorization) {
        case .missing:
            return .error(
                "The authorization header is required", status: 401,
                fields: [("WWW-Authenticate", "Bearer"), ("Cache-Control", "no-store")])
        case .malformed:
            return Self.unauthorized(seconds: lifetime.refused)
        case .token(let token):
            let now = now()
            do throws(TokenError) {
                let token = try keys.current.verifier.verify(token, now: now)
                if revocations.refuses(token) { throw .revoked }
                return good(token, now: now)
            } catch {
                return Self.unauthorized(seconds: lifetime.seconds(for: error, now: now))
            }
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
}
