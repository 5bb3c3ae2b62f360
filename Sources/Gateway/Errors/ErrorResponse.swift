import Shared

/// Turns an error into what the client gets: a status, a JSON body, nothing of the inside. The only place that does.
enum ErrorResponse {
    static func send(_ error: GatewayError, on connection: ServerConnection, rule: RouteRule?, path: CanonicalPath) {
        switch error.what {
        case .badRequest: connection.respond(error: Status.message(400), status: 400)
        case .notFound: connection.respond(error: Status.message(404), status: 404)
        case .methodNotAllowed: methodNotAllowed(connection, rule)
        case .trailingSlash: redirect(connection, path)
        case .bodyTooLong: bodyTooLong(connection, rule)
        case .authorizationRequired:
            connection.respond(
                error: "The authorization header is required", status: 401, fields: "WWW-Authenticate: Bearer\r\n")
        case .refused(let verdict): refused(connection, verdict)
        case .authenticationUnavailable, .noInstance:
            connection.respond(error: Status.message(503), status: 503, fields: "Retry-After: 1\r\n")
        case .upstreamFailed: connection.respond(error: Status.message(502), status: 502)
        case .upstreamTimeout: connection.respond(error: Status.message(504), status: 504)
        }
    }

    private static func methodNotAllowed(_ connection: ServerConnection, _ rule: RouteRule?) {
        connection.beginResponse(405)
        connection.stream.append("Allow: ")
        connection.stream.append(rule?.allow ?? [])
        connection.stream.append("\r\n")
        finish(connection, Status.message(405))
    }

    /// 308 keeps method and body (RFC 9110 section 15.4.9). The path is canonical and begins with one slash, so the
    /// reference cannot name another host.
    private static func redirect(_ connection: ServerConnection, _ path: CanonicalPath) {
        connection.beginResponse(308)
        connection.stream.append("Location: ")
        connection.stream.append(path.canonical, 0..<path.canonical.count - 1)
        if let query = path.query {
            connection.withHead { bytes in
                let start = connection.head.targetRange.lowerBound
                connection.stream.append("?")
                connection.stream.append(bytes.extracting(query.lowerBound + start..<query.upperBound + start))
            }
        }
        connection.stream.append("\r\n")
        connection.appendDate()
        connection.endHead(.length(0))
        connection.endResponse()
    }

    private static func bodyTooLong(_ connection: ServerConnection, _ rule: RouteRule?) {
        connection.beginResponse(413)
        finish(connection, body: rule?.bodyLimitMessage ?? [])
    }

    /// The auth service's own refusal: its status, challenge and Retry-After, never its words.
    private static func refused(_ connection: ServerConnection, _ verdict: Verdict) {
        connection.beginResponse(verdict.status)
        connection.stream.append(verdict.fields)
        finish(connection, Status.message(verdict.status))
    }

    private static func finish(_ connection: ServerConnection, _ message: StaticString) {
        finish(connection, body: Array("{\"error\":\"\(message)\"}".utf8))
    }

    private static func finish(_ connection: ServerConnection, body: [UInt8]) {
        connection.stream.append("Content-Type: application/json; charset=utf-8\r\n")
        connection.appendDate()
        connection.endHead(.length(body.count))
        if connection.head.method != .head { connection.stream.append(body) }
        connection.endResponse()
    }
}
