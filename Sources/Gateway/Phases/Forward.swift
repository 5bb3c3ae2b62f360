import Shared

extension Exchange {
    /// Attempts for one request, the first included.
    static let attemptLimit = 3
    /// Nanoseconds for a connection to a service.
    private static let connectDeadline: UInt64 = 3_000_000_000

    /// Sends the request's head to the chosen instance, written anew: its framing, its connection fields and who asks
    /// are ours. The body follows as it comes.
    func forward(_ connection: ServerConnection, _ rule: RouteRule, fresh: Bool = false) throws(GatewayError) {
        while true {
            guard let instance else { throw GatewayError(what: .noInstance, fault: .ourselves) }
            attempts += 1
            do throws(LoopError) {
                let canRepeat = connection.requestEnded && connection.head.method.isIdempotent
                isUpgrade = connection.head.fields.wantsUpgrade && connection.asksForUpgrade
                let upstream = try instance.take(fresh: fresh, once: !canRepeat)
                self.upstream = upstream
                upstream.begin(
                    self, method: connection.head.method, connectDeadline: Self.connectDeadline,
                    responseDeadline: rule.timeout, mayUpgrade: isUpgrade)
                writeHead(connection, to: upstream.stream)
                if connection.requestEnded {
                    upstream.endRequest()
                } else if upstream.isConnected {
                    beginBody(connection)
                }
                return
            } catch {
                guard attempts < Self.attemptLimit else { throw .upstream(.noInstance) }
                try select(rule, except: instance)
                guard self.instance !== instance else { throw .upstream(.noInstance) }
            }
        }
    }

    /// From here on the request cannot be sent again: its body passes through and is not kept.
    func beginBody(_ connection: ServerConnection) {
        hasBegunBody = true
        connection.readBody()
        // What is still to come comes for as long as the token is good.
        if self.connection === connection, !connection.requestEnded { streamDidBegin() }
    }

    private func writeHead(_ connection: ServerConnection, to stream: Stream) {
        let head = connection.head
        connection.withHead { bytes in
            stream.append(bytes.extracting(head.methodRange))
            stream.append(" ")
            writePath(to: stream)
            if let query = path.query {
                stream.append("?")
                stream.append(bytes.extracting(query.lowerBound + targetStart..<query.upperBound + targetStart))
            }
            stream.append(" HTTP/1.1\r\nHost: ")
            let host = head.fields.host
            if host >= 0 {
                stream.append(bytes.extracting(head.fields.lines[host].valueRange))
            } else {
                stream.append("localhost")
            }
            stream.append("\r\n")
            copyFields(head, bytes, to: stream)
            if head.fields.te >= 0 { writeAcceptance(connection, bytes, to: stream) }
            if isUpgrade { writeUpgrade(connection, bytes, to: stream) }
            writeForwarding(connection, bytes, to: stream)
        }
        if let verdict { stream.append(verdict.fields) }
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

    private func writePath(to stream: Stream) {
        guard let rule, rule.path != nil else { return stream.append(path.canonical) }
        worker.scratch.removeAll(keepingCapacity: true)
        rule.appendPath(for: path, captures, to: &worker.scratch)
        stream.append(worker.scratch)
    }

    /// Copies the fields that go on, in runs of neighbours.
    private func copyFields(_ head: RequestHead, _ bytes: RawSpan, to stream: Stream) {
        let count = head.fields.lines.count
        // A token that was judged here stays here; services are told whose it was.
        let keepsAuthorization = verdict == nil
        var index = 0
        while index < count {
            while index < count, !passes(head.fields.lines[index], keepsAuthorization) { index += 1 }
            let first = index
            while index < count, passes(head.fields.lines[index], keepsAuthorization) { index += 1 }
            if first < index { stream.append(bytes.extracting(head.run(first, index))) }
        }
    }

    @inline(__always) private func passes(_ line: FieldLine, _ keepsAuthorization: Bool) -> Bool {
        switch line.name {
        case .other: return !line.isForThisHop
        case .host: return false
        case .authorization: return keepsAuthorization
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
        stream.append(worker.requestField)
        stream.append(hexadecimal: Int(number))
        stream.append("\r\n")
    }

    /// What is the same for all requests of a connection.
    private static func clientFields(_ connection: ServerConnection) -> [UInt8] {
        let address = connection.clientAddress
        // Who comes over a Unix socket has no address.
        let forwardedFor = address.isEmpty ? [] : Array("X-Forwarded-For: ".utf8) + address + Array("\r\n".utf8)
        return forwardedFor + Array("X-Forwarded-Proto: http\r\n".utf8)
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
