import Glibc
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
        if needsWholeHead {
            guard collectFields(upstream, connection) else { return }
            connection.beginInterimResponse(upstream.head.status)
            connection.stream.append(worker.fields)
        } else {
            connection.beginInterimResponse(upstream.head.status)
            copyFields(upstream, to: connection)
        }
        connection.stream.append("\r\n")
    }

    func responseDidBegin(on upstream: ClientConnection) {
        guard let connection else { return }
        latency = max(1, worker.loop.now &- sentAt)
        noteLatency(upstream.head.status)
        if upstream.head.status == 101 {
            guard answersUpgrade(upstream, of: connection) else { return fail(.upstream(.upstreamFailed)) }
        } else if isUpgrade {
            // A client that did not wait for the answer has sent what is no request.
            connection.endAfterResponse()
        }
        worker.counters.count(status: upstream.head.status)
        if upstream.head.status == 401, let rule, let oauth = table.services[rule.service].rule.oauth {
            worker.tokenWasRejected(oauth)
        }
        if upstream.head.status >= 500, replacesErrors { return replaceError(upstream, on: connection) }
        mask(upstream, to: connection)
    }

    func responseGoesOn(on upstream: ClientConnection) {
        streamDidBegin()
    }

    /// Passes content on as it comes; a client that reads slowly slows its service down.
    func responseBody(_ count: Int, on upstream: ClientConnection) {
        guard let connection else { return upstream.stream.consume(count) }
        if let bodyMask, bodyMask.isRewriting { return maskBody(count, upstream, connection, bodyMask) }
        if isAudited, let input = upstream.stream.input {
            guard input.withBytes({ auditContent($0.extracting(0..<count), to: connection) }) else { return }
        }
        connection.sendContent(count, from: upstream.stream)
        if connection.stream.isAboveHighMark { upstream.pause() }
    }

    func responseDidEnd(on upstream: ClientConnection) {
        guard let connection else { return upstream.cancel() }
        if let bodyMask, bodyMask.isRewriting, !endBodyMask(connection, bodyMask) { return }
        if isAudited, !auditEnd(connection) { return }
        report(.answered(status: upstream.head.status))
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
        report(InstanceOutcome(failure))
        self.upstream = nil
        self.instance = nil
        if case .connect(EPROTO) = failure.kind { worker.counters.refusedServices &+= 1 }
        let isDown = if case .connect = failure.kind { true } else { failure.kind == .connectTimeout }
        instance.lose(upstream, isInstanceDown: isDown)
        guard canRetry(failure, connection, rule, isDown: isDown) else {
            return fail(error(failure))
        }
        worker.counters.retries &+= 1
        do throws(GatewayError) {
            try select(rule, except: instance)
            try forward(connection, rule, fresh: !isDown)
        } catch {
            fail(error)
        }
    }

    /// A request that reached nobody may go to another instance. One that may have been received is sent again only
    /// when it is idempotent and no byte of an answer came (RFC 9110 section 9.2.2): to whichever instance there is
    /// when its connection had been kept, which may just have been closed for idleness; else to another one, for one
    /// that dies takes connections to its last moment.
    private func canRetry(
        _ failure: ClientFailure, _ connection: ServerConnection, _ rule: RouteRule, isDown: Bool
    ) -> Bool {
        guard !connection.hasResponse, !hasBegunBody, attempts < Self.attemptLimit else { return false }
        if isDown { return true }
        guard failure.kind == .closed, !failure.hadResponse, connection.head.method.isIdempotent else { return false }
        return failure.wasReused && attempts == 1 || table.services[rule.service].instances.count > 1
    }

    private func error(_ failure: ClientFailure) -> GatewayError {
        switch failure.kind {
        // There was somebody, who is not who it must be.
        case .connect(EPROTO): .upstream(.upstreamFailed, .upstream(failure))
        case .connect, .connectTimeout: .upstream(.noInstance, .upstream(failure))
        case .closed, .malformed: .upstream(.upstreamFailed, .upstream(failure))
        case .timeout: .upstream(.upstreamTimeout, .upstream(failure))
        }
    }
}
