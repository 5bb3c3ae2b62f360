// Unsafe code: bytes copied out of the input.
import CLinux

/// One request to one of our own services whose answer has to wait, for a body or for a task: read the body, ask the
/// handler, answer.
final class ServiceExchange: ServerExchange {
    private unowned let application: ServiceApplication
    /// Nil when the answer has been given, or nobody waits for it any more.
    private var connection: ServerConnection?
    private var handler: ServiceHandler?
    private var request: ServiceRequest
    private let deadline: RequestDeadline
    /// The rest of a response that leaves in pieces.
    private var rest: ServiceBody?
    private var isAwaitingDrain = false
    /// What answers, where nobody else gains by its end.
    private var task: Task<Void, Never>?

    /// - Parameter request: as far as its head says.
    init(
        _ application: ServiceApplication, _ connection: ServerConnection, _ request: ServiceRequest,
        _ handler: ServiceHandler, _ deadline: RequestDeadline
    ) {
        self.application = application
        self.connection = connection
        self.request = request
        self.handler = handler
        self.deadline = deadline
    }

    /// Reads the body, and asks the handler then.
    func begin() {
        connection?.sendContinue()
        connection?.readBody()
    }

    /// Gives an answer whose pieces have to be waited for; the request has no body.
    func begin(with response: ServiceResponse) {
        handler = nil
        connection?.readBody()
        finish(response)
    }

    // MARK: ServerExchange

    func receiveBody(_ count: Int, from connection: ServerConnection) {
        guard request.body.count + count <= application.bodyLimit.bytes else {
            connection.stream.consume(count)
            return refuseBody()
        }
        connection.stream.input?.withBytes { bytes in
            unsafe bytes.extracting(0..<count).withUnsafeBytes { pointer in
                unsafe request.body.append(contentsOf: pointer)
            }
        }
        connection.stream.consume(count)
    }

    func receiveEnd(from connection: ServerConnection) {
        guard let handler else { return }
        guard !deadline.hasPassed(now: connection.stream.loop.now) else { return finishTooLate() }
        switch handler {
        case .immediate(let answer):
            finish(answer(request))
        case .concurrent(let answer):
            task = answerFromTask(request, answer, on: connection.stream.loop)
        case .kept(let attempt, let otherwise):
            if let response = attempt(request) { return finish(response) }
            // Not cancelled: what it finds is kept for others.
            _ = answerFromTask(request, otherwise, on: connection.stream.loop)
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
        task?.cancel()
        task = nil
    }

    // MARK: The answer

    private func answerFromTask(
        _ request: ServiceRequest, _ answer: @escaping @Sendable (ServiceRequest) async -> ServiceResponse,
        on loop: EventLoop
    ) -> Task<Void, Never> {
        let bound = LoopBound(self, loop: loop)
        return Task { [deadline] in
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

    private func finish(_ response: ServiceResponse) {
        finish(response, response.tag)
    }

    private func finish(_ response: ServiceResponse, _ tag: EntityTag?) {
        // Nobody waits any more: the client left while the handler was at work.
        guard let connection else { return }
        handler = nil
        task = nil
        if let rest = response.rest { return begin(response, rest, on: connection) }
        self.connection = nil
        ServiceResponseWriter.write(response, tag: tag, to: connection, isKnown: request.knows)
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
}
