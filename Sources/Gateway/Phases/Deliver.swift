import Shared

extension Exchange: ClientExchange {
    func connectionDidOpen(on upstream: ClientConnection) {
        if let connection, !connection.requestEnded, !hasBegunBody { beginBody(connection) }
    }

    /// An interim response is passed on (RFC 9110 section 15.2); HTTP/1.0 knows none.
    func responseWasInformed(on upstream: ClientConnection) {
        guard let connection else { return }
        if upstream.head.status == 100 { return connection.sendContinue() }
        // They are hints: one who does not read gets no pile of them.
        guard connection.head.minorVersion == 1, !connection.stream.isAboveHighMark else { return }
        connection.beginInterimResponse(upstream.head.status)
        copyFields(upstream, to: connection)
        connection.stream.append("\r\n")
    }

    func responseDidBegin(on upstream: ClientConnection) {
        guard let connection else { return }
        if upstream.head.status == 101 {
            guard answersUpgrade(upstream, of: connection) else { return fail(.upstream(.upstreamFailed)) }
        } else if isUpgrade {
            // A client that did not wait for the answer has sent what is no request.
            connection.endAfterResponse()
        }
        worker.counters.count(status: upstream.head.status)
        mask(upstream, to: connection)
    }

    /// Passes content on as it comes; a client that reads slowly slows its service down.
    func responseBody(_ count: Int, on upstream: ClientConnection) {
        guard let connection else { return upstream.stream.consume(count) }
        connection.sendContent(count, from: upstream.stream)
        if connection.stream.isAboveHighMark { upstream.pause() }
    }

    func responseDidEnd(on upstream: ClientConnection) {
        guard let connection else { return upstream.cancel() }
        instance?.give(upstream)
        record()
        end()
        connection.endResponse()
    }

    func requestDidDrain(on upstream: ClientConnection) {
        connection?.resumeBody()
    }

    func exchangeDidFail(on upstream: ClientConnection, _ failure: ClientFailure) {
        guard let connection, let rule, let instance else { return }
        self.upstream = nil
        self.instance = nil
        let isDown = if case .connect = failure.kind { true } else { failure.kind == .connectTimeout }
        instance.lose(upstream, isInstanceDown: isDown)
        guard canRetry(failure, connection, isDown: isDown) else {
            return fail(error(failure))
        }
        worker.counters.retries &+= 1
        do throws(GatewayError) {
            try select(rule, except: isDown ? instance : nil)
            try forward(connection, rule, fresh: !isDown)
        } catch {
            fail(error)
        }
    }

    /// A request that reached nobody may go to another instance. One that may have been received is sent again only
    /// when it is idempotent, was sent on a connection that had been kept, and no byte of an answer came
    /// (RFC 9110 section 9.2.2).
    private func canRetry(_ failure: ClientFailure, _ connection: ServerConnection, isDown: Bool) -> Bool {
        guard !connection.hasResponse, !hasBegunBody, attempts < Self.attemptLimit else { return false }
        if isDown { return true }
        return failure.kind == .closed && failure.wasReused && !failure.hadResponse && attempts == 1
            && connection.head.method.isIdempotent
    }

    private func error(_ failure: ClientFailure) -> GatewayError {
        switch failure.kind {
        case .connect, .connectTimeout: .upstream(.noInstance, .upstream(failure))
        case .closed, .malformed: .upstream(.upstreamFailed, .upstream(failure))
        case .timeout: .upstream(.upstreamTimeout, .upstream(failure))
        }
    }
}
