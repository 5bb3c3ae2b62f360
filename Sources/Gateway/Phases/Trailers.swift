import Shared

/// Trailer fields of chunked bodies (RFC 9110 section 6.5): of requests they go on, of responses to clients that say
/// that they take them. What a trailer must not say never passes (`TrailerRule`), nor what the route sets or takes out.
extension Exchange {
    func receiveTrailers(_ count: Int, from connection: ServerConnection) {
        guard let upstream, connection.head.fields.isChunked, let input = connection.stream.input else { return }
        input.withBytes { bytes in
            TrailerRule.forEachPassable(bytes.extracting(0..<count)) { line in
                if let rules = rule?.requestFields, rules.drops(line) { return }
                if !hasSentTrailers { upstream.stream.append("0\r\n") }
                hasSentTrailers = true
                upstream.stream.append(line)
            }
        }
    }

    func responseTrailers(_ count: Int, on upstream: ClientConnection) {
        // They tell of the body as it was, in words that nobody has rewritten.
        guard bodyMask?.isRewriting != true else { return }
        guard acceptsTrailers, let connection, let input = upstream.stream.input else { return }
        input.withBytes { bytes in
            TrailerRule.forEachPassable(bytes.extracting(0..<count), isResponse: true) { line in
                if let rules = rule?.responseFields, rules.drops(line) { return }
                guard !needsWholeHead || !table.snapshot.identity.isIn(line, 0..<line.byteCount) else {
                    worker.counters.droppedFields &+= 1
                    return
                }
                connection.sendTrailer(line)
            }
        }
    }

    /// Tells the service that trailer fields are taken, where the client says so.
    func writeAcceptance(_ connection: ServerConnection, _ bytes: RawSpan, to stream: Stream) {
        // One Connection field is enough, and 101 has no trailers.
        guard !isUpgrade, connection.head.minorVersion == 1, connection.head.fields.acceptsTrailers(bytes) else {
            return
        }
        acceptsTrailers = true
        stream.append("Connection: TE\r\nTE: trailers\r\n")
    }
}
