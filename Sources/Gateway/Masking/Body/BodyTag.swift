// Unsafe code: lends the bytes of arrays.

/// Entity tags (RFC 9110 section 8.8.3) on the way out of a route whose bodies are rewritten, and back. A rewritten body
/// is another one than the service's, and another one again after the routes have changed: its tag is the service's with
/// a mark of what it is rewritten by. `"x"` becomes `"x~4f2a…"`, and is `"x"` again for the service when it comes back.
/// A tag with another mark is left as it is: no service knows it, and the answer is sent anew.
struct BodyTag: Sendable, Equatable {
    /// `~` and hexadecimal digits.
    let mark: [UInt8]

    init(_ number: UInt64) {
        let digits = Array("0123456789abcdef".utf8)
        let shifts = (0..<8).map { UInt64(28 - 4 * $0) }
        mark = [UInt8(ascii: "~")] + shifts.map { digits[Int(truncatingIfNeeded: number >> $0) & 15] }
    }

    /// Adds the value of an `ETag`, marked.
    func appendMarked(_ bytes: RawSpan, _ value: Range<Int>, to output: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard value.count >= 2, bytes.octet(value.upperBound - 1) == quote else { return output.append(bytes, value) }
        output.append(bytes, value.lowerBound..<value.upperBound - 1)
        output.append(contentsOf: mark)
        output.append(quote)
    }

    /// Adds the value of an `If-None-Match` or `If-Match` as the service knows its tags.
    func appendUnmarked(_ bytes: RawSpan, _ value: Range<Int>, to output: inout [UInt8]) {
        var start = value.lowerBound
        var index = value.lowerBound
        while let place = bytes.first(UInt8(ascii: "~"), in: index..<value.upperBound) {
            index = place + 1
            let end = place + mark.count
            guard end < value.upperBound, bytes.octet(end) == UInt8(ascii: "\""), bytes.holds(mark, at: place..<end)
            else { continue }
            output.append(bytes, start..<place)
            start = end
            index = end
        }
        output.append(bytes, start..<value.upperBound)
    }
}

extension BodyTag {
    /// The mark of a configuration. Seeded anew with each process: from it nothing can be told of what is configured.
    init(_ rules: [RouteRule], _ services: [ServiceRule]) {
        var hasher = Hasher()
        for rule in rules where rule.service >= 0 {
            hasher.combine(rule.pattern)
            hasher.combine(services[rule.service].name)
            hasher.combine(String(describing: rule.path))
        }
        for service in services {
            hasher.combine(service.origins.basePath)
            hasher.combine(service.origins.authorities)
        }
        self.init(UInt64(truncatingIfNeeded: hasher.finalize()))
    }
}
