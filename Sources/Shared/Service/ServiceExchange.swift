/// One request to one of our own services: route, read the body, ask the handler, answer.
final class ServiceExchange: ServerExchange {
    private unowned let application: ServiceApplication
    private var connection: ServerConnection?
    private var handler: ServiceHandler?
    private var body: [UInt8] = []
    private var parameters = RouteParameters()
    private var query = QueryParameters()
    private var head: [UInt8] = []
    private var lines: [FieldLine] = []

    init(_ application: ServiceApplication) {
        self.application = application
    }

    func begin(_ connection: ServerConnection) {
        self.connection = connection
        var path = CanonicalPath()
        do {
            try connection.withHead { bytes in
                try path.parse(bytes.extracting(connection.head.targetRange))
                query = try QueryParameters(Self.query(of: path, in: connection.head, bytes))
                head = Self.copy(bytes.extracting(0..<connection.head.fields.headLength))
            }
        } catch {
            return finish(.error("Bad request", status: 400))
        }
        lines = connection.head.fields.lines
        var captures = RouteCaptures()
        guard let route = application.routes.tree.match(path, captures: &captures) else {
            return finish(.error("Not found", status: 404))
        }
        let place = application.routes.tree[route]
        guard let handler = place.handler(for: connection.head.method) else {
            return finish(.error("Method not allowed", status: 405, fields: [("Allow", place.allow)]))
        }
        guard connection.head.fields.contentLength <= application.bodyLimit else { return refuseBody() }
        self.handler = handler
        parameters = application.routes.tree.parameters(captures, of: path)
        connection.sendContinue()
        connection.readBody()
    }

    private static func query(of path: CanonicalPath, in head: RequestHead, _ bytes: RawSpan) -> [UInt8] {
        guard let range = path.query else { return [] }
        let start = head.targetRange.lowerBound
        return copy(bytes.extracting(range.lowerBound + start..<range.upperBound + start))
    }

    private static func copy(_ bytes: RawSpan) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { pointer in unsafe Array(pointer) }
    }

    // MARK: ServerExchange

    func receiveBody(_ count: Int, from connection: ServerConnection) {
        guard body.count + count <= application.bodyLimit else {
            connection.stream.consume(count)
            return refuseBody()
        }
        connection.stream.input?.withBytes { bytes in
            unsafe bytes.extracting(0..<count).withUnsafeBytes { pointer in unsafe body.append(contentsOf: pointer) }
        }
        connection.stream.consume(count)
    }

    func receiveEnd(from connection: ServerConnection) {
        guard let handler else { return }
        let request = ServiceRequest(
            method: connection.head.method, parameters: parameters, query: query, head: head, lines: lines, body: body,
            peer: connection.peer)
        switch handler {
        case .immediate(let answer):
            finish(answer(request))
        case .concurrent(let answer):
            let bound = LoopBound(self, loop: connection.stream.loop)
            Task {
                let response = await answer(request)
                bound.execute { exchange, _ in exchange.finish(response) }
            }
        }
    }

    func responseDidDrain(on connection: ServerConnection) {}

    func exchangeWasCancelled(on connection: ServerConnection) {
        self.connection = nil
        handler = nil
    }

    // MARK: The answer

    private func refuseBody() {
        handler = nil
        finish(.error("Body exceeded 1mb limit", status: 413))
    }

    private func finish(_ response: ServiceResponse) {
        // Nobody waits any more: the client left while the handler was at work.
        guard let connection else { return }
        self.connection = nil
        ServiceResponseWriter.write(response, to: connection, ifNoneMatch: ifNoneMatch)
    }

    private var ifNoneMatch: String? {
        guard let line = lines.first(where: { $0.name == .ifNoneMatch }) else { return nil }
        return String(decoding: head[line.valueRange], as: UTF8.self)
    }
}
