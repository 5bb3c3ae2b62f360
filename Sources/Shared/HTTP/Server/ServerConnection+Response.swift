/// How far the response under way has come.
struct ResponseProgress {
    var hasBegun = false
    /// The head is whole: the client knows whether the connection is kept.
    var hasHead = false
    var hasEnded = false
    /// Content is sent in chunks.
    var isChunked = false
    /// The last chunk has been sent, and trailer fields after it.
    var hasTrailers = false
    /// No content may follow: HEAD, 1xx, 204, 304.
    var isBodyless = false
    /// The end of the connection is the end of the content: an unknown length, towards HTTP/1.0.
    var endsWithConnection = false
    /// No `Content-Length` may be told (204, RFC 9110 section 8.6), or none is of use (304).
    var isLengthless = false
}

extension ServerConnection {
    /// How the end of a response's content is told.
    package enum Content: Equatable {
        /// No word of a length.
        case none
        /// So many bytes; towards HEAD the length alone is told, with 204 and 304 nothing.
        case length(Int)
        /// A length that is not known beforehand: chunked, or until the connection closes for HTTP/1.0.
        case unknown
    }

    /// Whether some of a response has been written.
    package var hasResponse: Bool { response.hasBegun }

    /// Writes the status line. Field lines follow through `stream.append`, then `endHead`.
    package func beginResponse(_ status: Int) {
        response.hasBegun = true
        response.isLengthless = status < 200 || status == 204 || status == 304
        response.isBodyless = head.method == .head || response.isLengthless
        appendStatusLine(status)
        if !standingFields.isEmpty { stream.append(standingFields) }
        if !responseFields.isEmpty { stream.append(responseFields) }
    }

    /// Writes the status line of an interim response (RFC 9110 section 15.2); field lines and an empty line follow
    /// through `stream.append`. The final response is still to come.
    package func beginInterimResponse(_ status: Int) {
        appendStatusLine(status)
    }

    private func appendStatusLine(_ status: Int) {
        if let line = Status.line(status) {
            stream.append(line)
        } else {
            stream.append("HTTP/1.1 ")
            stream.append(decimal: status)
            stream.append(" \r\n")
        }
    }

    /// Writes `Date` (RFC 9110 section 6.6.1), for responses that are our own.
    package func appendDate() {
        stream.append(context.date.line(at: stream.loop.now))
    }

    /// Writes the framing fields and the empty line.
    package func endHead(_ content: Content) {
        response.hasHead = true
        // Without the rest of the request the next one could not be found; and it is not known whether it will come.
        if !requestEnded { keepsAlive = false }
        switch content {
        case .none:
            // Content that is not announced would be read until the connection closes.
            if !response.isBodyless { stream.append("Content-Length: 0\r\n") }
        case .length(let count):
            guard !response.isLengthless else { break }
            stream.append("Content-Length: ")
            stream.append(decimal: count)
            stream.append("\r\n")
        case .unknown:
            if head.minorVersion == 1 {
                if !response.isBodyless {
                    response.isChunked = true
                    stream.append("Transfer-Encoding: chunked\r\n")
                }
            } else if !response.isBodyless {
                response.endsWithConnection = true
                keepsAlive = false
            }
        }
        if !keepsAlive {
            stream.append("Connection: close\r\n\r\n")
        } else if head.minorVersion == 0 {
            stream.append("Connection: keep-alive\r\n\r\n")
        } else {
            stream.append("\r\n")
        }
    }

    /// Sends the first `count` bytes of `source`'s input as content.
    @inline(__always) package func sendContent(_ count: Int, from source: Stream) {
        // A chunk of no bytes would end the body.
        guard count > 0 else { return }
        guard !response.isBodyless else { return source.consume(count) }
        if response.isChunked {
            stream.append(hexadecimal: count)
            stream.append("\r\n")
            stream.transfer(count, from: source)
            stream.append("\r\n")
        } else {
            stream.transfer(count, from: source)
        }
        if stream.isAboveHighMark { awaitWriting() }
    }

    /// Sends `bytes` as content.
    package func sendContent(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, !response.isBodyless else { return }
        if response.isChunked {
            stream.append(hexadecimal: bytes.count)
            stream.append("\r\n")
            stream.append(bytes)
            stream.append("\r\n")
        } else {
            stream.append(bytes)
        }
        if stream.isAboveHighMark { awaitWriting() }
    }

    /// Sends a trailer field with its line end, where the response is chunked; no content may follow.
    package func sendTrailer(_ line: RawSpan) {
        guard response.isChunked else { return }
        if !response.hasTrailers { stream.append("0\r\n") }
        response.hasTrailers = true
        stream.append(line)
    }

    /// Takes back a response that was begun when the stream had `written` bytes behind it and `waiting` before it, where
    /// nothing has been written since; another one may be begun then.
    package func withdrawResponse(to waiting: Int, ifWritten written: UInt64) -> Bool {
        guard response.hasBegun, !response.hasEnded, stream.withdraw(to: waiting, ifWritten: written) else {
            return false
        }
        response = ResponseProgress()
        return true
    }

    /// Ends the response; the connection goes on to its next request, or closes.
    package func endResponse() {
        guard state == .exchange, !response.hasEnded else { return }
        if response.hasTrailers {
            stream.append("\r\n")
        } else if response.isChunked {
            stream.append("0\r\n\r\n")
        }
        response.hasEnded = true
        finishIfDone()
    }
}
