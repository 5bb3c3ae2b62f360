/// A client's connection: HTTP/1.x with keep-alive and pipelining, one exchange at a time.
///
/// The head stays where it arrived, at the front of `stream.input`, until the application asks for the body or the
/// exchange ends. Reading pauses while nothing of the client's is wanted.
package final class ServerConnection {
    enum State {
        /// Between requests.
        case idle
        /// Some of a head has come.
        case head
        /// A request is under way.
        case exchange
        /// Another protocol is spoken, and someone else serves the stream.
        case tunnel
        /// The last answer is on its way out; what still comes is dropped.
        case lingering
        case closed
    }

    package let id: UInt64
    package let stream: Stream
    package let context: ServerContext
    /// The client's IP address as text; empty for a Unix socket.
    package private(set) lazy var clientAddress = SocketAddress.peer(of: stream.descriptor)
    /// Who the client is where its requests are counted.
    package private(set) lazy var client = ClientIdentity(stream.descriptor)
    /// Bytes that the application keeps with the connection, made with its first request.
    package var prepared: [UInt8] = []
    /// Field lines, each with its CRLF, that stand in the response to the request under way, whoever gives it: the
    /// application, or this connection itself that refuses the rest of the request.
    package var responseFields: [UInt8] = []
    /// Field lines of every response, each with its CRLF.
    var standingFields: [UInt8] = []
    /// Who holds the other end of a Unix socket.
    package private(set) lazy var peer = try? PeerCredentials(socket: stream.descriptor)
    /// What it holds of the process's places.
    var place: ConnectionQuota.Place?
    var state = State.idle
    /// The request under way.
    package internal(set) var head: RequestHead
    package var exchange: (any ServerExchange)?
    private(set) var timer: LoopTimer?

    /// Requests begun on this connection.
    package internal(set) var requestCount = 0
    /// The head's bytes are no longer at the front of the input.
    @usableFromInline var isHeadConsumed = true
    var bodyReader = BodyReader(.none)
    var isReadingBody = false
    /// The whole request has been read.
    package internal(set) var requestEnded = false
    var isProcessing = false
    var lingered = 0
    /// The client has said that it sends no more.
    var clientEnded = false
    /// What the deadline is for.
    enum Awaited {
        /// The client's next bytes.
        case input
        /// The client's taking of the output.
        case writing
        /// Whether a client that sends no more has left (`ServerConnection+Departure.swift`).
        case departure
    }
    var awaited = Awaited.input
    /// Bytes that the client had taken when the deadline for it was set.
    var takenAtDeadline = 0
    /// Bytes of the body that came since its deadline was set.
    var bodyProgress = 0
    /// Whether another request may follow.
    package internal(set) var keepsAlive = true
    var response = ResponseProgress()

    init(id: UInt64, stream: Stream, context: ServerContext) {
        self.id = id
        self.stream = stream
        self.context = context
        head = context.noHead
        timer = LoopTimer(loop: stream.loop) { [unowned self] in deadlinePassed() }
        stream.delegate = self
        setDeadline(limits.headDeadline)
    }

    @inline(__always) var limits: ServerLimits {
        _read { yield context.limits }
    }

    /// Lends the bytes of the request's head; valid until the body is read or the exchange ends.
    @inlinable @inline(__always) package func withHead<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard !isHeadConsumed, let input = stream.input else { return try body(RawSpan()) }
        return try input.withBytes(body)
    }

    // MARK: Requests

    /// Reads heads and begins exchanges until one is under way or bytes are missing.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        while state == .idle || state == .head, let input = stream.input, !input.isEmpty {
            if state == .idle {
                // Answers that the client does not read must not pile up.
                guard !stream.isAboveHighMark else { return awaitReader() }
                if input.withBytes({ Bytes.at($0, 0) == Bytes.carriageReturn }) {
                    // It may be the first half of an empty line.
                    guard input.count > 1 else { return }
                    let empty = input.withBytes { HeadParser.emptyLine($0) }
                    if empty > 0 {
                        stream.consume(empty)
                        continue
                    }
                }
                state = .head
                head = context.takeHead()
                setDeadline(limits.headDeadline)
            }
            do throws(MessageFault) {
                let length = try input.withBytes { bytes throws(MessageFault) in
                    try HeadParser.parse(bytes, limits: limits.head, into: head)
                }
                guard length != nil else { return }
            } catch {
                return refuse(error)
            }
            begin()
        }
    }

    /// Reads no more requests until the client has taken most of the answers.
    private func awaitReader() {
        stream.wantsInput = false
        awaitWriting()
    }

    private func begin() {
        state = .exchange
        requestCount += 1
        isHeadConsumed = false
        bodyReader = BodyReader(BodyFraming(request: head))
        requestEnded = !head.hasBody
        // After CONNECT a client may send what is not for us without waiting for the answer.
        keepsAlive =
            head.allowsKeepAlive && !context.isDraining && requestCount < limits.requestsPerConnection
            && head.method != .connect
        stream.wantsInput = false
        cancelDeadline()
        context.application.serverDidReceive(self)
    }

    // MARK: The request's body

    /// Drops the head and begins to hand over the body; the end is told also where there is no body.
    package func readBody() {
        guard state == .exchange, !isReadingBody else { return }
        consumeHead()
        isReadingBody = true
        if requestEnded {
            isReadingBody = false
            exchange?.receiveEnd(from: self)
        } else {
            stream.expectsMuch = bodyReader.expectsMuch
            setBodyDeadline()
            pumpBody()
        }
    }

    /// Hands over no more of the body until `resumeBody`.
    package func pauseBody() {
        guard isReadingBody else { return }
        isReadingBody = false
        stream.wantsInput = false
        cancelBodyDeadline()
    }

    package func resumeBody() {
        guard state == .exchange, !isReadingBody, !requestEnded, isHeadConsumed else { return }
        isReadingBody = true
        setBodyDeadline()
        pumpBody()
    }

    /// Tells the client to send its body (RFC 9110 section 15.2.1), if it waits for that.
    package func sendContinue() {
        guard head.fields.expectsContinue, !requestEnded, !response.hasBegun else { return }
        head.fields.expectsContinue = false
        stream.append("HTTP/1.1 100 Continue\r\n\r\n")
        // It has waited, as it said it would; its time begins now.
        if isReadingBody { setBodyDeadline() }
    }

    func consumeHead() {
        guard !isHeadConsumed else { return }
        isHeadConsumed = true
        stream.consume(head.fields.headLength)
    }

    func pumpBody() {
        while isReadingBody, state == .exchange {
            let step: BodyReader.Step
            do throws(MessageFault) {
                step = try nextStep()
            } catch {
                isReadingBody = false
                return refuse(error)
            }
            switch step {
            case .content(let count):
                countBody(count)
                handOver(count)
            case .skip(let count):
                countBody(count)
                if count > 2 && bodyReader.isAtTrailers { exchange?.receiveTrailers(count, from: self) }
                stream.consume(count)
            case .needMore:
                stream.wantsInput = true
                return
            case .end:
                isReadingBody = false
                requestEnded = true
                stream.wantsInput = false
                stream.expectsMuch = false
                cancelBodyDeadline()
                exchange?.receiveEnd(from: self)
                finishIfDone()
                return
            }
        }
    }

    private func handOver(_ count: Int) {
        let before = stream.inputCount
        exchange?.receiveBody(count, from: self)
        // What nobody took must not be read as something else.
        let taken = before - stream.inputCount
        if state == .exchange && taken < count { stream.consume(count - taken) }
    }

    private func nextStep() throws(MessageFault) -> BodyReader.Step {
        guard let input = stream.input else { return try bodyReader.next(RawSpan()) }
        return try input.withBytes { bytes throws(MessageFault) in try bodyReader.next(bytes) }
    }

    // MARK: Ending

    /// Ends the exchange when both directions are done.
    func finishIfDone() {
        guard state == .exchange, response.hasEnded else { return }
        // A body that nobody read to its end cannot be told from the next request.
        if !requestEnded { keepsAlive = false }
        consumeHead()
        exchange = nil
        context.giveHead(head)
        head = context.noHead
        response = ResponseProgress()
        if !responseFields.isEmpty { responseFields.removeAll(keepingCapacity: true) }
        guard keepsAlive else {
            if requestCount >= limits.requestsPerConnection { context.limitHits.requests &+= 1 }
            return linger()
        }
        state = .idle
        isReadingBody = false
        setDeadline(context.isDraining ? limits.drainGrace : limits.idleDeadline)
        stream.wantsInput = true
        process()
        if context.isDraining && state == .idle { drainIdle() }
    }

    /// Writes what is left, says that no more comes, and reads on for a while: closing a socket with unread bytes
    /// would take the last answer from the client.
    func linger() {
        state = .lingering
        isReadingBody = false
        if let input = stream.input { stream.consume(input.count) }
        awaitWriting()
        stream.notifyWhenFlushed()
        stream.wantsInput = true
    }

    /// Closes in a way that the client cannot take for the regular end of a response. What there is of it goes out
    /// first: a client that gets nothing at all may take its request for one that was never read, and repeat it.
    package func breakOff() {
        if response.hasBegun {
            stream.delegate = nil
            stream.flush()
        }
        abort()
    }

    /// Closes at once; an exchange under way is cancelled.
    package func abort() {
        // A missing byte or chunk tells that a response was cut; where its end is the connection's, only a reset does.
        if state == .exchange && response.endsWithConnection && !response.hasEnded
            || state == .lingering && stream.outputCount > 0
        {
            stream.resetOnClose()
        }
        stream.close()
        closed()
    }

    func closed() {
        guard state != .closed else { return }
        let exchange = self.exchange
        self.exchange = nil
        state = .closed
        timer?.invalidate()
        timer = nil
        exchange?.exchangeWasCancelled(on: self)
        if head !== context.noHead {
            context.giveHead(head)
            head = context.noHead
        }
        context.closed(self)
    }

    func drain() {
        // A client that was told that the connection is kept may send its next request at any moment: it is read.
        if state != .exchange || !response.hasHead { keepsAlive = false }
        switch state {
        case .idle: drainIdle()
        case .head: setDeadline(limits.drainGrace)
        case .exchange, .tunnel, .lingering, .closed: break
        }
    }

    /// Who has asked before knows what to do with a connection that takes no more; who has not asked yet has a moment.
    private func drainIdle() {
        guard requestCount > 0, stream.isQuiet, leave() else { return setDeadline(limits.drainGrace) }
    }

    /// Ends a connection between two requests so that no request is lost that comes at this very moment: its client
    /// fails to write it, and knows that nobody has got it. What was written before is served. False where the kernel
    /// cannot do that (`Stream.refuseInput`).
    func leave() -> Bool {
        guard stream.refuseInput() else { return false }
        setDeadline(limits.drainGrace)
        return true
    }

    private func refuse(_ fault: MessageFault) {
        context.limitHits.count(fault)
        context.application.serverDidRefuse(self, fault)
        guard state != .closed else { return }
        refuse(status: fault.status)
    }

    /// Answers a message that cannot be served and closes: what follows on the connection is not to be trusted.
    func refuse(status: Int) {
        keepsAlive = false
        let exchange = self.exchange
        self.exchange = nil
        exchange?.exchangeWasCancelled(on: self)
        guard state != .closed else { return }
        guard !response.hasBegun else { return abort() }
        state = .exchange
        respond(error: Status.message(status), status: status)
    }
}
