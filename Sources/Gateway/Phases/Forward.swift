import Shared

extension Exchange {
    /// Sends the request's head to the chosen instance, written anew: its framing, its connection fields and who asks
    /// are ours. The body follows as it comes.
    func forward(_ connection: ServerConnection, _ rule: RouteRule, fresh: Bool = false) throws(GatewayError) {
        while true {
            guard let instance else { throw GatewayError(what: .noInstance, fault: .ourselves) }
            attempts += 1
            do throws(LoopError) {
                let canRepeat = connection.requestEnded && !hasBegunBody && connection.head.method.isIdempotent
                isUpgrade = connection.head.fields.wantsUpgrade && connection.asksForUpgrade
                let service = table.services[rule.service]
                if attempts == 1 { service.shield.budget.earn(now: worker.loop.now) }
                if service.rule.timeouts.total > 0 { startTotal(service.rule.timeouts.total) }
                if let upstream = fresh ? nil : instance.reuse(once: !canRepeat) {
                    send(connection, rule, service, on: upstream)
                } else if service.rule.races {
                    race(from: instance, of: service)
                } else {
                    send(connection, rule, service, on: try instance.connect())
                }
                return
            } catch {
                if !InstancePool.isPassing(error) { report(.refused) }
                guard attempts < table.services[rule.service].rule.retries.attempts else {
                    throw .upstream(.noInstance)
                }
                try select(rule, except: instance)
                guard self.instance !== instance else { throw .upstream(.noInstance) }
            }
        }
    }

    /// Sends the head on a connection that stands, or will.
    func send(
        _ connection: ServerConnection, _ rule: RouteRule, _ service: ServicePool, on upstream: ClientConnection
    ) {
        self.upstream = upstream
        sentAt = worker.loop.now
        latency = 0
        upstream.begin(
            self, method: connection.head.method, connectDeadline: service.rule.timeouts.connect,
            responseDeadline: rule.timeout, mayUpgrade: isUpgrade)
        if let unsent {
            // As it was meant for the connection before: the head does not depend on who gets it.
            self.unsent = nil
            upstream.stream.resend(unsent)
            if upstream.stream.isAboveHighMark { connection.pauseBody() } else { connection.resumeBody() }
        } else {
            writeHead(connection, service.rule, to: upstream.stream)
        }
        if connection.requestEnded {
            upstream.endRequest()
            if service.rule.hedge > 0 { armHedge(connection, service) }
        } else if upstream.isConnected && !hasBegunBody {
            beginBody(connection)
        }
    }

    /// From here on the request cannot be sent again: its body passes through and is not kept.
    func beginBody(_ connection: ServerConnection) {
        hasBegunBody = true
        clientHost.removeAll(keepingCapacity: true)
        connection.withHead { bytes in clientHost.append(bytes, connection.head.fields.hostRange) }
        connection.readBody()
        // What is still to come comes for as long as the token is good.
        if self.connection === connection, !connection.requestEnded { streamDidBegin() }
    }

    func writeHead(_ connection: ServerConnection, _ service: ServiceRule, to stream: Stream) {
        let head = connection.head
        connection.withHead { bytes in
            stream.append(bytes.extracting(head.methodRange))
            stream.append(" ")
            if !service.basePath.isEmpty { stream.append(service.basePath) }
            writePath(to: stream)
            writeQuery(bytes, to: stream)
            stream.append(" HTTP/1.1\r\n")
            writeHost(head, bytes, service, to: stream)
            if masksBody { takeBodyMask(connection, bytes) }
            copyFields(head, bytes, service, to: stream)
            if masksBody { writeBodyFields(head, bytes, to: stream) }
            if head.fields.te >= 0 { writeAcceptance(connection, bytes, to: stream) }
            if isUpgrade { writeUpgrade(connection, bytes, to: stream) }
            switch service.forwarding {
            case .xForwarded: writeForwarding(connection, bytes, to: stream)
            case .forwarded: writeForwarded(connection, bytes, to: stream)
            case .none: break
            }
        }
        if service.tellsDeadline { writeDeadline(to: stream) }
        if let verdict, service.tellsIdentity { stream.append(verdict.fields) }
        if service.needsToken { stream.append(service.token) }
        if let rules = rule?.requestFields { rules.write(path, captures, to: stream, scratch: &worker.scratch) }
        if head.fields.isChunked {
            stream.append("Transfer-Encoding: chunked\r\n\r\n")
        } else if head.fields.contentLength >= 0 {
            stream.append("Content-Length: ")
            stream.append(decimal: head.fields.contentLength)
            stream.append("\r\n\r\n")
        } else {
            stream.append("\r\n")
        }
    }

    /// How long the answer is waited for, in milliseconds: what comes later is work for nobody.
    private func writeDeadline(to stream: Stream) {
        guard let rule else { return }
        stream.append("Postern-Deadline: ")
        stream.append(decimal: Int(clamping: timeLeft(rule) / 1_000_000))
        stream.append("\r\n")
    }

    private func writePath(to stream: Stream) {
        guard let rule, rule.path != nil else { return stream.append(path.canonical) }
        worker.scratch.removeAll(keepingCapacity: true)
        rule.appendPath(for: path, captures, to: &worker.scratch)
        stream.append(worker.scratch)
    }

    private func writeQuery(_ bytes: RawSpan, to stream: Stream) {
        let own = path.query.map { $0.lowerBound + targetStart..<$0.upperBound + targetStart }
        if let query = rule?.query {
            worker.scratch.removeAll(keepingCapacity: true)
            query.write(bytes, own ?? 0..<0, path, captures, to: &worker.scratch, scratch: &worker.nameScratch)
            stream.append(worker.scratch)
        } else if let own {
            stream.append("?")
            stream.append(bytes.extracting(own))
        }
    }

    /// The service's own name where it has a URL; else the client's word for it.
    private func writeHost(_ head: RequestHead, _ bytes: RawSpan, _ service: ServiceRule, to stream: Stream) {
        guard service.hostField.isEmpty else { return stream.append(service.hostField) }
        let host = head.fields.host
        stream.append("Host: ")
        if host >= 0 {
            stream.append(bytes.extracting(head.fields.lines[host].valueRange))
        } else {
            stream.append("localhost")
        }
        stream.append("\r\n")
    }

    /// Copies the fields that go on, in runs of neighbours.
    private func copyFields(_ head: RequestHead, _ bytes: RawSpan, _ service: ServiceRule, to stream: Stream) {
        let count = head.fields.lines.count
        // A token that was judged here stays here; services are told whose it was.
        let keepsAuthorization = verdict == nil && !service.needsToken
        // Which page a browser came from is between it and its own site.
        let keepsPage = !service.isForeign
        let keptCookies = keptCookies
        let rules = rule?.requestFields
        @inline(__always) func goesOn(_ line: FieldLine) -> Bool {
            guard passes(line, keepsAuthorization, keepsPage) else { return false }
            if line.name == .cookie, keptCookies != nil { return false }
            if bodyMask != nil, BodyFields.isHeldBack(line, bytes) { return false }
            guard let rules else { return true }
            return !rules.drops(line, bytes)
        }
        var index = 0
        while index < count {
            while index < count, !goesOn(head.fields.lines[index]) { index += 1 }
            let first = index
            while index < count, goesOn(head.fields.lines[index]) { index += 1 }
            if first < index { stream.append(bytes.extracting(head.run(first, index))) }
        }
        if let keptCookies { writeCookies(keptCookies, head.fields, bytes, to: stream) }
    }

    @inline(__always) private func passes(
        _ line: FieldLine, _ keepsAuthorization: Bool, _ keepsPage: Bool
    ) -> Bool {
        switch line.name {
        case .other: return !line.isForThisHop
        case .host: return false
        case .authorization: return keepsAuthorization
        case .origin, .referer: return keepsPage && !line.isForThisHop
        default: return !line.name.isHopByHop && !line.name.isReserved && !line.isForThisHop
        }
    }

    /// Who asks, by which way, and the number under which this request can be found again.
    private func writeForwarding(_ connection: ServerConnection, _ bytes: RawSpan, to stream: Stream) {
        if connection.prepared.isEmpty { connection.prepared = Self.clientFields(connection) }
        stream.append(connection.prepared)
        let host = connection.head.fields.host
        if host >= 0 {
            stream.append("X-Forwarded-Host: ")
            stream.append(bytes.extracting(connection.head.fields.lines[host].valueRange))
            stream.append("\r\n")
        }
        writeRequestNumber(to: stream)
    }

    /// What is the same for all requests of a connection.
    private static func clientFields(_ connection: ServerConnection) -> [UInt8] {
        let address = connection.clientAddress
        // Who comes over a Unix socket has no address.
        let forwardedFor = address.isEmpty ? [] : Array("X-Forwarded-For: ".utf8) + address + Array("\r\n".utf8)
        guard let session = connection.stream.security as? TLSSession else {
            return forwardedFor + Array("X-Forwarded-Proto: http\r\n".utf8)
        }
        let secured = forwardedFor + Array("X-Forwarded-Proto: https\r\n".utf8)
        guard let subject = session.peerSubject, !subject.isEmpty else { return secured }
        return secured + Array("Postern-Client: ".utf8) + subject + Array("\r\n".utf8)
    }

    // MARK: The request's body

    func receiveBody(_ count: Int, from connection: ServerConnection) {
        guard let upstream, let rule else { return connection.stream.consume(count) }
        bodyCount += count
        guard bodyCount <= rule.bodyLimit.bytes else {
            connection.stream.consume(count)
            return fail(.client(.bodyTooLong))
        }
        if connection.head.fields.isChunked {
            upstream.stream.append(hexadecimal: count)
            upstream.stream.append("\r\n")
            upstream.stream.transfer(count, from: connection.stream)
            upstream.stream.append("\r\n")
        } else {
            upstream.stream.transfer(count, from: connection.stream)
        }
        upstream.extendDeadline()
        if upstream.stream.isAboveHighMark { connection.pauseBody() }
    }
}
