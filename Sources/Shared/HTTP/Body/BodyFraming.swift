/// How the end of a body is told (RFC 9112 section 6.3).
package enum BodyFraming: Sendable, Equatable {
    case none
    /// So many bytes.
    case length(Int)
    case chunked
    /// Responses only: the connection's end is the body's.
    case untilClose

    /// The framing of a request's body.
    package init(request head: RequestHead) {
        if head.fields.isChunked {
            self = .chunked
        } else if head.fields.contentLength > 0 {
            self = .length(head.fields.contentLength)
        } else {
            self = .none
        }
    }

    /// The framing of a response's body, which depends on the request's method.
    package init(response head: ResponseHead, to method: Method) {
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            self = .none
        } else if head.fields.isChunked {
            self = .chunked
        } else if head.fields.contentLength >= 0 {
            self = head.fields.contentLength == 0 ? .none : .length(head.fields.contentLength)
        } else {
            self = .untilClose
        }
    }
}

/// Follows a body through the bytes of its connection and says which of them are content.
package struct BodyReader: Sendable {
    package enum Step: Equatable, Sendable {
        /// The next `count` bytes of the input are content.
        case content(count: Int)
        /// The next `count` bytes are framing and are to be dropped; then ask again.
        case skip(count: Int)
        /// Nothing can be said before more bytes come.
        case needMore
        /// The body has ended.
        case end
    }
    private enum State {
        case fixed(remaining: Int)
        case chunked(ChunkedDecoder)
        case untilClose
    }
    private var state: State

    package init(_ framing: BodyFraming) {
        state =
            switch framing {
            case .none: .fixed(remaining: 0)
            case .length(let count): .fixed(remaining: count)
            case .chunked: .chunked(ChunkedDecoder())
            case .untilClose: .untilClose
            }
    }

    /// What the next bytes are. The caller takes them off the input before it asks again.
    package mutating func next(_ bytes: RawSpan) throws(MessageFault) -> Step {
        switch state {
        case .fixed(let remaining):
            if remaining == 0 { return .end }
            let count = min(remaining, bytes.byteCount)
            if count == 0 { return .needMore }
            state = .fixed(remaining: remaining - count)
            return .content(count: count)
        case .untilClose:
            return bytes.byteCount == 0 ? .needMore : .content(count: bytes.byteCount)
        case .chunked(var decoder):
            let step = try decoder.next(bytes)
            state = .chunked(decoder)
            return step
        }
    }

    /// Whether the bytes that were to be skipped last are a trailer section with its empty line.
    var isAtTrailers: Bool {
        if case .chunked(let decoder) = state { decoder.isPastTrailers } else { false }
    }

    /// Whether the connection's end is this body's regular end.
    package var endsWithConnection: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// Whether much is still to come, as far as is known: larger reads pay then.
    package var expectsMuch: Bool {
        switch state {
        case .fixed(let remaining): remaining > BufferPool.smallSize
        case .chunked, .untilClose: false
        }
    }
}
