import Shared

/// `POST /api/auth/refresh`: new tokens for a refresh token, which is used up by that.
struct RefreshEndpoint: Sendable {
    static let pattern = "/api/auth/refresh"

    let keeper: SessionKeeper

    var endpoint: ServiceEndpoint { ServiceEndpoint(.post, Self.pattern, .concurrent(answer)) }

    @Sendable func answer(_ request: ServiceRequest) async -> ServiceResponse {
        let cookies = keeper.cookies
        let asked: SessionRequest
        do throws(LoginRequest.Fault) {
            asked = try SessionRequest(request, cookies: cookies)
        } catch {
            return SessionAnswers.malformed(error)
        }
        guard let shown = asked.refreshToken else { return SessionAnswers.missing }
        if shown.isCookie, let refusal = keeper.refusal(of: request) { return refusal }
        let own = shown.isCookie ? cookies : nil
        guard let token = RefreshToken(shown.text) else { return SessionAnswers.unauthorized(clearing: own) }
        do throws(StoreQueue.Unavailable) {
            switch try await keeper.refresh(token) {
            case .refreshed(let tokens): return SessionAnswers.tokens(tokens, cookies: own)
            case .refused: return SessionAnswers.unauthorized(clearing: own)
            case .tooSoon:
                // Whoever was first has the new tokens; a browser has them in its cookies by now.
                return .error(
                    "This refresh token was used a moment ago", status: 409,
                    fields: [("Retry-After", "1")] + SessionAnswers.noStore)
            }
        } catch {
            return SessionAnswers.unavailable
        }
    }
}

extension SessionKeeper {
    /// See `PageOrigin`; for requests whose cookies count, or whose answer has some.
    func refusal(of request: ServiceRequest) -> ServiceResponse? {
        guard let refusal = PageOrigin.refusal(of: request) else { return nil }
        counters.foreign.count()
        return refusal
    }
}
