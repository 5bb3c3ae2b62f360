import Shared

extension Exchange {
    /// Writes the response's head anew: our reason, our framing, none of the fields that describe the server, and those
    /// that tell where it is in the client's own terms.
    func mask(_ upstream: ClientConnection, to connection: ServerConnection) {
        let head = upstream.head
        if let bodyMask, !beginBodyMask(bodyMask, upstream, connection) { return fail(.upstream(.upstreamFailed)) }
        if needsWholeHead {
            guard collectFields(upstream, connection) else { return fail(.upstream(.upstreamFailed)) }
            connection.beginResponse(head.status)
            connection.stream.append(worker.fields)
        } else {
            connection.beginResponse(head.status)
            copyFields(upstream, to: connection)
        }
        if bodyMask != nil, head.status != 101 { writeBodyFields(upstream, to: connection) }
        if let rules = rule?.responseFields {
            rules.write(path, captures, to: connection.stream, scratch: &worker.scratch)
        }
        guard head.status != 101 else {
            return upstream.withHead { bytes in endUpgradeHead(upstream, bytes, on: connection) }
        }
        // RFC 9110 section 6.6.1: who passes a response on that has no date gives it one.
        if head.fields.date < 0 { connection.appendDate() }
        connection.endHead(content(head, to: connection.head.method))
    }

    /// Copies the fields that a client may see, in runs of neighbours.
    func copyFields(_ upstream: ClientConnection, to connection: ServerConnection) {
        let head = upstream.head
        // Where the route says which pages may read its answers, its service does not.
        let keepsOrigins = rule?.cors == nil
        upstream.withHead { bytes in
            let count = head.fields.lines.count
            let rules = rule?.responseFields
            @inline(__always) func goesOn(_ line: FieldLine) -> Bool {
                guard passes(line, keepsOrigins) else { return false }
                if let bodyMask, BodyFields.isDropped(line, bytes, isRewritten: bodyMask.isRewriting) { return false }
                guard let rules else { return true }
                return !rules.drops(line, bytes)
            }
            var index = 0
            var isReady = false
            while index < count {
                while index < count, !goesOn(head.fields.lines[index]) {
                    let line = head.fields.lines[index]
                    if line.name.tellsPlace || line.name.describesServer, !line.isForThisHop,
                        rules?.drops(line, bytes) != true
                    {
                        maskField(line, index, bytes, upstream, connection, &isReady)
                    }
                    index += 1
                }
                let first = index
                while index < count, goesOn(head.fields.lines[index]) { index += 1 }
                if first < index { connection.stream.append(bytes.extracting(head.run(first, index))) }
            }
        }
    }

    @inline(__always) private func passes(_ line: FieldLine, _ keepsOrigins: Bool) -> Bool {
        switch line.name {
        case .other: !line.isForThisHop
        case .server, .xPoweredBy, .via, .serverDetail, .strictTransportSecurity, .postern, .xRealIP, .xForwarded,
            .forwarded:
            false
        case .accessControl: keepsOrigins && !line.isForThisHop
        default: !line.name.isHopByHop && !line.name.tellsPlace && !line.isForThisHop
        }
    }

    /// From the services' URLs to those that the client can ask: of its host, or of the egress socket.
    var publicURLs: PublicURLMap { isEgress ? table.egressURLs : table.publicURLs(of: host) }

    private func content(_ head: ResponseHead, to method: Method) -> ServerConnection.Content {
        if head.status == 204 || head.status == 304 { return .none }
        // What comes of a body is as long as it comes to be.
        if bodyMask?.isRewriting == true, head.fields.contentLength != 0 || method == .head { return .unknown }
        if head.fields.contentLength >= 0 { return .length(head.fields.contentLength) }
        return method == .head ? .none : .unknown
    }
}
