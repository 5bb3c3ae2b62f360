import Shared

/// Why an exchange was not served: what, whose fault it is, whether another instance may be tried, and the cause.
/// The cause is for logs; `ErrorResponse` makes of the rest what a client reads.
struct GatewayError: Error {
    enum What {
        case badRequest
        case notFound
        case methodNotAllowed
        /// A process of another user asks on the egress socket.
        case forbidden
        /// A browser sends it for a page of another site, with a cookie that may be a token.
        case crossSite
        /// The path ends in a slash; the client is sent to the one without.
        case trailingSlash
        case bodyTooLong
        /// A rate of the route is used up; so many nanoseconds until the request would pass.
        case tooManyRequests(wait: UInt64)
        case authorizationRequired
        /// The token was judged and refused.
        case refused(Verdict)
        /// The token is good, and has not what the route asks for.
        case insufficient(TokenRequirement)
        /// Whose token it is cannot be told; perhaps after so many seconds, where the auth service says so.
        case authenticationUnavailable(retryAfter: Int?)
        case noInstance
        /// The service has as much to do as it can do.
        case overloaded
        case upstreamFailed
        case upstreamTimeout
    }
    enum Fault { case client, upstream, ourselves }
    enum Cause {
        case none
        case path(PathError)
        case target
        case upstream(ClientFailure)
    }

    let what: What
    let fault: Fault
    var mayRetry = false
    var cause = Cause.none

    static func client(_ what: What, _ cause: Cause = .none) -> GatewayError {
        GatewayError(what: what, fault: .client, cause: cause)
    }

    static func upstream(_ what: What, mayRetry: Bool = false, _ cause: Cause = .none) -> GatewayError {
        GatewayError(what: what, fault: .upstream, mayRetry: mayRetry, cause: cause)
    }
}
