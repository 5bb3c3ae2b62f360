/// A connection to a service: HTTP/1.1 with keep-alive, one exchange at a time.
///
/// The exchange's request is written straight to `stream`; the response is parsed here and told to the exchange.
package final class ClientConnection {
    private enum State {
        case idle
        /// A request is under way; its response has not begun.
        case waiting
        /// The response's body is under way.
        case body
        case closed
    }

    package let stream: Stream
    private var state = State.idle
    private var exchange: (any ClientExchange)?
    /// The response under way.
    package let head = ResponseHead()
    private var method = Method.get
    private var bodyReader = BodyReader(.none)
    private var isPaused = false
    private var isPumping = false
    /// The response under way does not fit a small buffer.
    private var wasLong = false
    /// False while the attempt to connect is under way.
    package private(set) var isConnected: Bool
    private var hadResponse = false
    /// What had been written to the stream when the exchange began.
    private var writtenAtBegin: UInt64 = 0
    /// Exchanges begun.
    package private(set) var exchangeCount = 0
    private var requestEnded = false
    /// The request asks for another protocol.
    private var mayUpgrade = false
    private var timer: LoopTimer?
    private var responseDeadline: UInt64 = 0
    /// The request under way, whole or its first part, where the connection failed before a byte of it was sent: for
    /// another connection.
    package private(set) var unsent: UnsentOutput?
    private let limits: HeadLimits
    /// Told when an idle connection ends, so that its pool forgets it.
    package var idleDidEnd: ((ClientConnection) -> Void)?

    /// - Parameters:
    ///   - isConnecting: the descriptor's attempt to connect is still under way.
    ///   - security: what secures the connection, which counts as connecting until its handshake is done.
    package init(
        loop: EventLoop, descriptor: Int32, isConnecting: Bool, security: (any StreamSecurity)? = nil,
        limits: HeadLimits = HeadLimits()
    ) throws(LoopError) {
        stream = try Stream(loop: loop, descriptor: descriptor, isConnecting: isConnecting, security: security)
        isConnected = !isConnecting && security == nil
        self.limits = limits
        timer = LoopTimer(loop: loop) { [unowned self] in deadlinePassed() }
        stream.delegate = self
    }

    package var isClosed: Bool { state == .closed }
    /// Whether another request may be sent: the last exchange ended cleanly on both sides.
    package var isReusable: Bool { state == .idle && !isClosed && canReuse }
    private var canReuse = true

    // MARK: The request

    /// Begins an exchange. The caller then writes the head, and any body, to `stream`, and calls `endRequest`.
    /// - Parameters:
    ///   - connectDeadline: nanoseconds for connecting, where that is still under way.
    ///   - responseDeadline: nanoseconds from the request's end to the response's head, and between pieces of its body.
    ///   - mayUpgrade: the request asks for another protocol, and the exchange knows what to do after 101.
    package func begin(
        _ exchange: any ClientExchange, method: Method, connectDeadline: UInt64, responseDeadline: UInt64,
        mayUpgrade: Bool = false
    ) {
        self.exchange = exchange
        self.method = method
        self.responseDeadline = responseDeadline
        self.mayUpgrade = mayUpgrade
        state = .waiting
        exchangeCount += 1
        hadResponse = false
        requestEnded = false
        writtenAtBegin = stream.writtenCount
        isPaused = false
        stream.wantsInput = true
        timer?.set(after: isConnected ? responseDeadline : connectDeadline)
    }

    /// Gives back a connection that was only waited for: nothing was written, and it is as new.
    package func release() {
        guard state == .waiting, stream.outputCount == 0 else { return }
        exchange = nil
        exchangeCount -= 1
        state = .idle
        timer?.cancel()
    }

    /// The request is complete.
    package func endRequest() {
        requestEnded = true
        if isConnected && state == .waiting { timer?.set(after: responseDeadline) }
    }

    /// Some of the request's body was written: the service need not answer before it has all of it.
    package func extendDeadline() {
        if isConnected && state == .waiting { timer?.set(after: responseDeadline) }
    }

    /// Has another exchange be told of the rest of the response.
    package func handOver(to exchange: any ClientExchange) {
        if self.exchange != nil { self.exchange = exchange }
    }

    // MARK: The response

    /// Lends the bytes of the response's head, valid during `responseDidBegin`.
    @inlinable @inline(__always) package func withHead<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let input = stream.input else { return try body(RawSpan()) }
        return try input.withBytes(body)
    }

    /// Reads no more of the response until `resume`.
    package func pause() {
        // Without an exchange the end, and what nobody asked for, must be seen.
        guard state == .waiting || state == .body else { return }
        isPaused = true
        stream.wantsInput = false
        timer?.cancel()
    }

    package func resume() {
        guard isPaused, state != .closed else { return }
        isPaused = false
        timer?.set(after: responseDeadline)
        pump()
        if !isPaused && state != .closed { stream.wantsInput = true }
    }

    private func pump() {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while !isPaused {
            switch state {
            case .waiting: guard parseHead() else { return }
            case .body: guard pumpBody() else { return }
            case .idle, .closed: return
            }
        }
    }

    /// Whether a final head is complete.
    private func parseHead() -> Bool {
        guard let input = stream.input, !input.isEmpty else { return false }
        hadResponse = true
        do throws(MessageFault) {
            let length = try input.withBytes { bytes throws(MessageFault) in
                try HeadParser.parse(bytes, limits: limits, into: head)
            }
            guard let length else { return false }
            if head.status < 200 && head.status != 101 {
                exchange?.responseWasInformed(on: self)
                stream.consume(length)
                return true
            }
            if head.status == 101 {
                try switchProtocol(length)
                return false
            }
            let framing = BodyFraming(response: head, to: method)
            bodyReader = BodyReader(framing)
            canReuse = head.allowsKeepAlive && !bodyReader.endsWithConnection
            state = .body
            exchange?.responseDidBegin(on: self)
            guard state == .body else { return false }
            stream.consume(length)
            stream.expectsMuch = bodyReader.expectsMuch
            wasLong = stream.expectsMuch
            return true
        } catch {
            fail(.malformed(error))
            return false
        }
    }

    /// From here on the connection speaks something else: its stream is for the exchange alone (RFC 9110 section 7.8).
    private func switchProtocol(_ length: Int) throws(MessageFault) {
        guard mayUpgrade, requestEnded, head.fields.wantsUpgrade, head.fields.upgrade >= 0, !head.fields.isChunked,
            head.fields.contentLength < 0
        else { throw .upgrade }
        exchange?.responseDidBegin(on: self)
        guard state == .waiting, let exchange else { return }
        stream.consume(length)
        self.exchange = nil
        state = .closed
        timer?.invalidate()
        timer = nil
        exchange.protocolDidSwitch(on: self)
    }

    private func pumpBody() -> Bool {
        do throws(MessageFault) {
            let step: BodyReader.Step
            if let input = stream.input {
                step = try input.withBytes { bytes throws(MessageFault) in try bodyReader.next(bytes) }
            } else {
                step = try bodyReader.next(RawSpan())
            }
            switch step {
            case .content(let count):
                let before = stream.inputCount
                exchange?.responseBody(count, on: self)
                // What nobody took must not be read as something else.
                let taken = before - stream.inputCount
                if state == .body && taken < count { stream.consume(count - taken) }
                return true
            case .skip(let count):
                if count > 2 && bodyReader.isAtTrailers {
                    exchange?.responseTrailers(count, on: self)
                    guard state == .body else { return false }
                }
                stream.consume(count)
                return true
            case .needMore:
                return false
            case .end:
                end()
                return false
            }
        } catch {
            fail(.malformed(error))
            return false
        }
    }

    private func end() {
        // What was long once is likely to be long again.
        stream.expectsMuch = wasLong
        wasLong = false
        // More than the response is nothing that was asked for.
        if stream.inputCount > 0 || !requestEnded { canReuse = false }
        timer?.cancel()
        isPaused = false
        state = .idle
        let exchange = self.exchange
        self.exchange = nil
        exchange?.responseDidEnd(on: self)
    }

    // MARK: Ending

    /// Closes at once and tells nobody: the exchange was given up.
    package func cancel() {
        exchange = nil
        close()
    }

    private func close() {
        guard state != .closed else { return }
        state = .closed
        timer?.invalidate()
        timer = nil
        stream.close()
    }

    private func fail(_ kind: ClientFailure.Kind) {
        guard state != .closed else { return }
        let wasIdle = state == .idle
        let exchange = self.exchange
        self.exchange = nil
        let wasSent = wasSent
        if !wasSent { unsent = stream.takeOutput() }
        close()
        if wasIdle {
            idleDidEnd?(self)
        } else {
            let failure = ClientFailure(
                kind: kind, hadResponse: hadResponse, wasReused: exchangeCount > 1, wasSent: wasSent)
            exchange?.exchangeDidFail(on: self, failure)
        }
    }

    /// Whether the service may have got a byte of the request under way. Of TLS it is not known: what was written may be
    /// a part of a record.
    private var wasSent: Bool { state != .waiting || stream.writtenCount != writtenAtBegin || stream.security != nil }

    private func deadlinePassed() {
        if isConnected && state == .waiting && !requestEnded && stream.outputCount == 0 {
            // The service has taken all that there is of the request: it is not the one that is slow.
            timer?.set(after: responseDeadline)
            return
        }
        fail(isConnected ? .timeout : .connectTimeout)
    }
}

extension ClientConnection: StreamDelegate {
    package func streamDidConnect(_ stream: Stream) {
        isConnected = true
        if state == .waiting { timer?.set(after: responseDeadline) }
        exchange?.connectionDidOpen(on: self)
    }

    package func streamDidRead(_ stream: Stream) {
        // A response that nobody asked for: no request is under way, or none of its bytes has left yet.
        if state == .idle || (state == .waiting && stream.writtenCount == writtenAtBegin) { return fail(.closed) }
        let wasWaiting = state == .waiting
        if state == .body { timer?.set(after: responseDeadline) }
        pump()
        if wasWaiting && state == .body { exchange?.responseGoesOn(on: self) }
    }

    package func streamDidEnd(_ stream: Stream) {
        // An end that the service has not announced where it should have may be anybody's.
        if state == .body && bodyReader.endsWithConnection && !stream.isTruncated {
            canReuse = false
            requestEnded = true
            end()
            if state == .idle { close() }
        } else {
            fail(.closed)
        }
    }

    package func streamDidDrain(_ stream: Stream) {
        exchange?.requestDidDrain(on: self)
    }

    package func streamCannotWrite(_ stream: Stream) -> Bool {
        // A service that takes no byte of a request has nothing to say of it.
        guard isConnected, !wasSent else { return false }
        fail(.closed)
        return true
    }

    package func streamDidFail(_ stream: Stream, _ error: LoopError) {
        fail(isConnected ? .closed : .connect(error.code))
    }
}
