// Unsafe code: lends the bytes of prepared bodies.
import Shared

/// Turns an error into what the client gets: a status, a JSON body, nothing of the inside. The only place that does.
enum ErrorResponse {
    static func send(
        _ error: GatewayError, on connection: ServerConnection, rule: RouteRule?, path: CanonicalPath, targetStart: Int
    ) {
        switch error.what {
        case .badRequest: send(400, on: connection)
        case .notFound: send(404, on: connection)
        case .forbidden: send(403, on: connection)
        case .crossSite: connection.respond(error: "Cross-origin request refused", status: 403)
        case .methodNotAllowed: methodNotAllowed(connection, rule)
        case .trailingSlash: connection.redirectWithoutTrailingSlash(path, targetStart: targetStart)
        case .bodyTooLong: bodyTooLong(connection, rule)
        case .tooManyRequests(let wait): tooManyRequests(connection, wait)
        case .authorizationRequired:
            connection.respond(
                error: "The authorization header is required", status: 401, fields: "WWW-Authenticate: Bearer\r\n")
        case .refused(let verdict): refused(connection, verdict)
        case .insufficient(let requirement):
            connection.beginResponse(403)
            connection.stream.append(requirement.challenge)
            connection.endResponse(error: Status.message(403))
        case .authenticationUnavailable(let seconds?): unavailable(connection, seconds)
        case .authenticationUnavailable(nil), .noInstance, .overloaded:
            send(503, on: connection, fields: "Retry-After: 1\r\n")
        case .upstreamFailed: send(502, on: connection)
        case .upstreamTimeout: send(504, on: connection)
        }
    }

    private static func send(_ status: Int, on connection: ServerConnection, fields: StaticString = "") {
        connection.respond(error: Status.message(status), status: status, fields: fields)
    }

    private static func methodNotAllowed(_ connection: ServerConnection, _ rule: RouteRule?) {
        connection.beginResponse(405)
        connection.stream.append(rule?.allowField ?? [])
        connection.endResponse(error: Status.message(405))
    }

    private static func bodyTooLong(_ connection: ServerConnection, _ rule: RouteRule?) {
        guard let refusal = rule?.bodyLimit.refusal else { return send(413, on: connection) }
        connection.beginResponse(413)
        connection.endResponse(json: unsafe refusal.span.bytes)
    }

    /// When to come again (RFC 6585 section 4); by which rule stands in the fields of every answer of the route.
    private static func tooManyRequests(_ connection: ServerConnection, _ wait: UInt64) {
        let seconds = Int((wait + 999_999_999) / 1_000_000_000)
        connection.beginResponse(429)
        connection.stream.append("Retry-After: ")
        connection.stream.append(decimal: seconds)
        connection.stream.append("\r\n")
        connection.endResponse(error: Status.message(429))
    }

    /// The auth service has said when to ask again.
    private static func unavailable(_ connection: ServerConnection, _ seconds: Int) {
        connection.beginResponse(503)
        connection.stream.append("Retry-After: ")
        connection.stream.append(decimal: seconds)
        connection.stream.append("\r\n")
        connection.endResponse(error: Status.message(503))
    }

    /// The auth service's own refusal: its status, challenge and Retry-After, never its words.
    private static func refused(_ connection: ServerConnection, _ verdict: Verdict) {
        connection.beginResponse(verdict.status)
        connection.stream.append(verdict.fields)
        connection.endResponse(error: Status.message(verdict.status))
    }
}
