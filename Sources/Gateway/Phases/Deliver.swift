import Shared

extension Exchange: ClientExchange {
    func connectionDidOpen(on upstream: ClientConnection) {
        if let connection, !connection.requestEnded, !hasBegunBody { beginBody(connection) }
    }

    /// An interim response is passed on (RFC 9110 section 15.2); HTTP/1.0 knows none.
    func responseWasInformed(on upstream: ClientConnection) {
        guard let connection else { return }
        // Of two services that are asked, each may have hints, and one is not heard in the end.
        if hedge != nil { return }
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
        if hedge != nil { settleHedge(on: upstream) }
        latency = max(1, worker.loop.now &- sentAt)
        noteLatency(upstream.head.status)
        if awaited != nil {
            // A failure is quick, and says nothing of how long an answer takes.
            if upstream.head.status < 500 { learn(latency) }
            endAwaiting()
        }
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
}
