/// The path of a request, decided once (RFC 3986 section 3.3): split on `/` first, each segment percent-decoded
/// after. Routing judges `values`, forwarding sends `canonical`, and the second is the encoding of the first, so that
/// the bytes that were judged are the bytes that are forwarded.
///
/// Keep one and parse into it again and again: its storage is reused and a parse allocates nothing once that has
/// grown. After an error it is empty and names no path.
package struct CanonicalPath: Sendable {
    /// More segments than this are refused with `PathError.tooManySegments`.
    package static let segmentLimit = 64

    /// The path to forward, without the query: the very bytes that came if they hold no percent-escape, else the
    /// decoded segments encoded anew, with uppercase digits and no escape that is not needed. Two spellings of one
    /// path have one canonical form. Keeps a trailing slash. Empty before a parse and after an error.
    package internal(set) var canonical: [UInt8] = []

    /// Where the query stands in the target that was parsed, without its `?`. Nil without a `?`; empty after a
    /// lone `?`. It is not normalised: what came is what is forwarded.
    package internal(set) var query: Range<Int>?

    /// True for a path other than `/` that ends in a slash. The slash makes no segment, so such a path matches the
    /// same route; who routes answers 308 to `canonical` without its last byte.
    package internal(set) var hasTrailingSlash = false

    /// True if a segment's value holds a slash, which came as `%2F`. A service that decodes before it splits
    /// sees another path than the one that was routed; a route that cannot trust its service can refuse these.
    package internal(set) var hasEncodedSlash = false

    /// The segments' values one after the other, used only when the path holds an escape.
    var decoded: [UInt8] = []
    var segments: [Segment] = []
    var hasEscape = false

    struct Segment: Sendable {
        /// In `values`.
        var value: Range<Int>
        /// In `canonical`.
        var encoded: Range<Int>
    }

    package init() {}

    /// Parses a target from any bytes; for tests and the command line, since it copies.
    package init(_ target: some Sequence<UInt8>) throws(PathError) {
        let bytes = Array(target)
        try parse(unsafe bytes.span.bytes)
    }

    package var segmentCount: Int { segments.count }

    /// The bytes that `segment(_:)` indexes. A segment of these is a decoded value and can hold any character but
    /// controls and the backslash; it is valid UTF-8.
    package var values: [UInt8] { hasEscape ? decoded : canonical }

    /// Where the decoded value of a segment stands in `values`.
    package func segment(_ index: Int) -> Range<Int> { segments[index].value }

    /// Where a segment stands in `canonical`, escaped as it is to be forwarded.
    package func encodedSegment(_ index: Int) -> Range<Int> { segments[index].encoded }

    /// The decoded value of a segment. Allocates: not for the byte path.
    package func string(_ index: Int) -> String { String(decoding: values[segment(index)], as: UTF8.self) }
}
