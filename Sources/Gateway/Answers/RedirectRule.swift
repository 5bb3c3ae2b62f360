// Unsafe code: bytes copied out of a query.
import Shared

/// `redirect:` of a route, ready for the byte path: where its requests are sent.
final class RedirectRule: Sendable {
    /// 301, 302, 303, 307 or 308.
    let status: Int
    /// Scheme and host; empty for a place at the same host. No parameter is ever in it.
    private let origin: [UInt8]
    private let path: PathTemplate
    /// A query of its own, with its `?`.
    private let query: [UInt8]
    private let keepsQuery: Bool

    init(status: Int, origin: [UInt8], path: PathTemplate, query: [UInt8], keepsQuery: Bool) {
        self.status = status
        self.origin = origin
        self.path = path
        self.query = query
        self.keepsQuery = keepsQuery
    }

    /// Adds the value of `Location` for one request.
    /// - Parameter query: the request's own.
    func append(
        _ path: borrowing CanonicalPath, _ captures: RouteCaptures, query requested: RawSpan?, to bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: origin)
        let start = bytes.count
        self.path.append(path, captures, to: &bytes)
        // Where a catch-all took nothing, what follows it may begin with a second slash: `//name` would be another host
        // (RFC 3986 section 4.2).
        while bytes.count > start + 1, bytes[start + 1] == UInt8(ascii: "/") { bytes.remove(at: start + 1) }
        bytes.append(contentsOf: query)
        guard keepsQuery, let requested else { return }
        bytes.append(query.isEmpty ? UInt8(ascii: "?") : UInt8(ascii: "&"))
        unsafe requested.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// For people: where a request is sent.
    func location(_ path: borrowing CanonicalPath, _ captures: RouteCaptures, query: [UInt8]?) -> String {
        var bytes: [UInt8] = []
        if let query {
            append(path, captures, query: unsafe query.span.bytes, to: &bytes)
        } else {
            append(path, captures, query: nil, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
