// Unsafe code: bytes copied out of the input.
import CLinux

/// One request to one of our own services: route, read the body, ask the handler, answer.
final class ServiceExchange: ServerExchange {
    private unowned let application: ServiceApplication
    /// Nil when the answer has been given, or nobody waits for it any more.
    private var connection: ServerConnection?
    private var handler: ServiceHandler?
    private var body: [UInt8] = []
    private var parameters = RouteParameters()
    private var query = QueryParameters()
    private var head: [UInt8] = []
    private var lines: [FieldLine] = []
    private var deadline = RequestDeadline()
    /// The rest of a response that leaves in pieces.
    private var rest: ServiceBody?
    private var isAwaitingDrain = false

    init(_ application: ServiceApplication) {
        self.application = application
    }

    func begin(_ connection: ServerConnection) {
        self.connection = connection
        let target = connection.head.targetRange
        do {
            try connection.withHead { bytes in
                try application.path.parse(bytes.extracting(target))
                query = try QueryParameters(Self.query(of: application.path, bytes.extracting(target)))
                head = Self.copy(bytes.extracting(0..<connection.head.fields.headLength))
                deadline = RequestDeadline(connection.head.fields, bytes, now: connection.stream.loop.now)
            }
        } catch {
            return finish(.error("Bad request", status: 400))
        }
        lines = connection.head.fields.lines
        if application.path.hasTrailingSlash { return redirect(connection, targetStart: target.lowerBound) }
        let tree = application.routes.tree
        guard let route = tree.match(application.path, captures: &application.captures) else {
            return finish(.error("Not found", status: 404))
        }
        let place = tree[route]
        guard let handler = place.handler(for: connection.head.method) else {
            return finish(.error("Method not allowed", status: 405, fields: [("Allow", place.allow)]))
        }
        guard connection.head.fields.contentLength <= application.bodyLimit.bytes else { return refuseBody() }
        self.handler = handler
        parameters = tree.parameters(application.captures, of: application.path)
        connection.sendContinue()
        connection.readBody()
    }

    private static func query(of path: CanonicalPath, _ target: RawSpan) -> [UInt8] {
        path.query.map { copy(target.extracting($0)) } ?? []
    }

    private static func copy(_ bytes: RawSpan) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { pointer in unsafe Array(pointer) }
    }

    // MARK: ServerExchange

    func receiveBody(_ count: Int, from connection: ServerConnection) {
        guard body.count + count <= application.bodyLimit.bytes else {
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
        guard !deadline.hasPassed(now: connection.stream.loop.now) else { return finishTooLate() }
        let request = ServiceRequest(
            method: connection.head.method, parameters: parameters, query: query, head: head, lines: lines, body: body,
            peer: connection.peer)
        switch handler {
        case .immediate(let answer):
            finish(answer(request))
        case .concurrent(let answer):
            answerFromTask(request, answer, on: connection.stream.loop)
        case .kept(let attempt, let otherwise):
            if let response = attempt(request) { return finish(response) }
            answerFromTask(request, otherwise, on: connection.stream.loop)
        }
    }

    func responseDidDrain(on connection: ServerConnection) {
        guard isAwaitingDrain else { return }
        isAwaitingDrain = false
        askForPiece()
    }

    func exchangeWasCancelled(on connection: ServerConnection) {
        self.connection = nil
        handler = nil
        rest = nil
    }

    // MARK: The answer

    private func answerFromTask(
        _ request: ServiceRequest, _ answer: @escaping @Sendable (ServiceRequest) async -> ServiceResponse,
        on loop: EventLoop
    ) {
        let bound = LoopBound(self, loop: loop)
        Task { [deadline] in
            // It may have waited for a thread.
            guard !deadline.hasPassed(now: postern_monotonic_ns()) else {
                return _ = bound.execute { exchange, _ in exchange.finishTooLate() }
            }
            let response = await answer(request)
            // Made here: the hash of a long body would keep the loop from others.
            let tag = response.tag
            bound.execute { exchange, _ in exchange.finish(response, tag) }
        }
    }

    /// Nobody waits for the answer any more: there is no use in working on it.
    private func finishTooLate() {
        application.overdue &+= 1
        finish(.error("Service unavailable", status: 503))
    }

    private func refuseBody() {
        finish(.json(application.bodyLimit.refusal, status: 413))
    }

    private func redirect(_ connection: ServerConnection, targetStart: Int) {
        self.connection = nil
        connection.redirectWithoutTrailingSlash(application.path, targetStart: targetStart)
    }

    private func finish(_ response: ServiceResponse) {
        finish(response, response.tag)
    }

    private func finish(_ response: ServiceResponse, _ tag: EntityTag?) {
        // Nobody waits any more: the client left while the handler was at work.
        guard let connection else { return }
        handler = nil
        if let rest = response.rest { return begin(response, rest, on: connection) }
        self.connection = nil
        ServiceResponseWriter.write(response, tag: tag, to: connection, isKnown: isKnown)
    }

    // MARK: An answer in pieces

    private func begin(_ response: ServiceResponse, _ rest: ServiceBody, on connection: ServerConnection) {
        ServiceResponseWriter.begin(response, on: connection)
        guard connection.head.method != .head else { return end(connection) }
        connection.sendContent(response.body)
        self.rest = rest
        goOn(connection)
    }

    private func end(_ connection: ServerConnection) {
        self.connection = nil
        rest = nil
        connection.endResponse()
    }

    /// Asks for the next piece now, or when the client has taken most of those before it.
    private func goOn(_ connection: ServerConnection) {
        isAwaitingDrain = connection.stream.isAboveHighMark
        if !isAwaitingDrain { askForPiece() }
    }

    private func askForPiece() {
        guard let rest, let connection else { return }
        let bound = LoopBound(self, loop: connection.stream.loop)
        Task {
            do {
                let piece = try await rest.next()
                bound.execute { exchange, _ in exchange.send(piece) }
            } catch {
                bound.execute { exchange, _ in exchange.breakOff() }
            }
        }
    }

    private func send(_ piece: [UInt8]?) {
        guard let connection else { return }
        guard let piece else { return end(connection) }
        connection.sendContent(piece)
        goOn(connection)
    }

    private func breakOff() {
        guard let connection else { return }
        self.connection = nil
        rest = nil
        connection.exchange = nil
        connection.breakOff()
    }

    /// Whether the request's `If-None-Match` names the tag.
    private func isKnown(_ tag: EntityTag) -> Bool {
        let head = self.head
        let bytes = unsafe head.span.bytes
        for line in lines where line.name == .ifNoneMatch {
            if tag.isNamed(by: bytes.extracting(line.valueRange)) { return true }
        }
        return false
    }
}
