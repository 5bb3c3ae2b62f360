// Unsafe code: bytes copied out of the input.

/// Serves endpoints on the connections of one loop: routes a request, and answers it at once where that can be.
package final class ServiceApplication: ServerApplication {
    private let routes: ServiceRoutes
    /// Of a request's body.
    let bodyLimit: BodyLimit
    /// Requests that were refused before they reached an endpoint.
    package private(set) var refused: UInt64 = 0
    /// Requests whose time was over before work on them began.
    package internal(set) var overdue: UInt64 = 0
    /// The path of the request that is being routed, and its parameters; their storage is used again.
    private var path = CanonicalPath()
    private var captures = RouteCaptures()

    package init(routes: ServiceRoutes, bodyLimit: Int = 1024 * 1024) {
        self.routes = routes
        self.bodyLimit = BodyLimit(bytes: bodyLimit)
    }

    package func serverDidReceive(_ connection: ServerConnection) {
        let target = connection.head.targetRange
        let query: QueryParameters
        do {
            try connection.withHead { bytes in try path.parse(bytes.extracting(target)) }
            query = try self.query(of: connection, targetStart: target.lowerBound)
        } catch {
            return answer(connection, .error("Bad request", status: 400))
        }
        if path.hasTrailingSlash {
            return connection.redirectWithoutTrailingSlash(path, targetStart: target.lowerBound)
        }
        guard let route = routes.tree.match(path, captures: &captures) else {
            return answer(connection, .error("Not found", status: 404))
        }
        let place = routes.tree[route]
        guard let handler = place.handler(for: connection.head.method) else {
            return answer(connection, .error("Method not allowed", status: 405, fields: [("Allow", place.allow)]))
        }
        guard connection.head.fields.contentLength <= bodyLimit.bytes else {
            return answer(connection, .json(bodyLimit.refusal, status: 413))
        }
        answer(connection, request(of: connection, query), handler)
    }

    package func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) {
        refused &+= 1
    }

    package func serverDidClose(_ connection: ServerConnection) {}

    package func count(in tally: inout Tally) {
        tally.add("overdue", overdue)
    }

    private func query(
        of connection: ServerConnection, targetStart: Int
    ) throws(QueryError) -> QueryParameters {
        guard let range = path.query, !range.isEmpty else { return QueryParameters() }
        return try QueryParameters(
            connection.withHead { bytes in
                Self.copy(bytes.extracting(range.lowerBound + targetStart..<range.upperBound + targetStart))
            })
    }

    /// What is known of a request before its body has come.
    private func request(of connection: ServerConnection, _ query: QueryParameters) -> ServiceRequest {
        let fields = connection.head.fields
        let now = connection.stream.loop.now
        let deadline = connection.withHead { bytes in RequestDeadline(fields, bytes, now: now) }
        return ServiceRequest(
            method: connection.head.method,
            parameters: captures.entries.isEmpty
                ? RouteParameters() : routes.tree.parameters(captures, of: path),
            query: query, head: connection.withHead { bytes in Self.copy(bytes.extracting(0..<fields.headLength)) },
            lines: fields.lines, body: [], peer: connection.peer, deadline: deadline.moment)
    }

    private static func copy(_ bytes: RawSpan) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { pointer in unsafe Array(pointer) }
    }

    // MARK: The answer

    private func answer(_ connection: ServerConnection, _ request: ServiceRequest, _ handler: ServiceHandler) {
        let deadline = RequestDeadline(moment: request.deadline)
        var handler = handler
        // Nothing is left to wait for: neither an exchange nor a task has to be made.
        if connection.requestEnded, !deadline.hasPassed(now: connection.stream.loop.now) {
            var response: ServiceResponse?
            switch handler {
            case .immediate(let make): response = make(request)
            case .kept(let attempt, let otherwise):
                response = attempt(request)
                // Asked once.
                handler = .concurrent(otherwise)
            case .concurrent: break
            }
            if let response {
                guard response.rest != nil else {
                    return answer(connection, response) { tag in request.knows(tag) }
                }
                return exchange(on: connection, request, handler, deadline).begin(with: response)
            }
        }
        exchange(on: connection, request, handler, deadline).begin()
    }

    private func exchange(
        on connection: ServerConnection, _ request: ServiceRequest, _ handler: ServiceHandler,
        _ deadline: RequestDeadline
    ) -> ServiceExchange {
        let exchange = ServiceExchange(self, connection, request, handler, deadline)
        connection.exchange = exchange
        return exchange
    }

    private func answer(
        _ connection: ServerConnection, _ response: ServiceResponse, isKnown: (EntityTag) -> Bool = { _ in false }
    ) {
        ServiceResponseWriter.write(response, tag: response.tag, to: connection, isKnown: isKnown)
    }
}
