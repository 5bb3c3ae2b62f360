/// A request's head (RFC 9112 section 3): an index over the bytes that arrived. Kept and used again by its pool.
package final class RequestHead {
    package internal(set) var method = Method.get
    /// The method's token, and the request-target, as ranges of the head.
    package internal(set) var methodRange = 0..<0
    package internal(set) var targetRange = 0..<0
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    package internal(set) var minorVersion = 1
    package internal(set) var fields = FieldIndex()

    package init() {}

    /// Whether the connection may carry another request after this one (RFC 9112 section 9.3).
    package var allowsKeepAlive: Bool {
        if fields.wantsClose { return false }
        return minorVersion == 1 || fields.wantsKeepAlive
    }

    /// Whether a body follows the head (RFC 9112 section 6.3).
    package var hasBody: Bool { fields.isChunked || fields.contentLength > 0 }

    /// Where the lines from `first` up to, not including, `last` stand, their line ends included.
    package func run(_ first: Int, _ last: Int) -> Range<Int> { fields.run(first, last) }
}

/// A response's head (RFC 9112 section 4).
package final class ResponseHead {
    package internal(set) var status = 0
    package internal(set) var minorVersion = 1
    package internal(set) var reasonRange = 0..<0
    package internal(set) var fields = FieldIndex()

    package init() {}

    package var allowsKeepAlive: Bool {
        if fields.wantsClose { return false }
        return minorVersion == 1 || fields.wantsKeepAlive
    }

    /// Where the lines from `first` up to, not including, `last` stand, their line ends included.
    package func run(_ first: Int, _ last: Int) -> Range<Int> { fields.run(first, last) }
}
