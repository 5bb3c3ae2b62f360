/// Which trailer fields may be passed on (RFC 9110 section 6.5.1): none that frames or routes a message, says who asks,
/// controls how it is answered or cached, or how its content is read. The decoder has refused some of them already.
package enum TrailerRule {
    /// Calls `body` with each field line that may pass, its line end included. `bytes` is a checked trailer section.
    /// - Parameter isResponse: what describes a server, or tells places, passes in requests alone.
    package static func forEachPassable(_ bytes: RawSpan, isResponse: Bool = false, _ body: (RawSpan) -> Void) {
        var fields = FieldIndex()
        guard (try? HeadParser.parseTrailers(bytes, limits: ChunkedDecoder.trailerLimits, into: &fields)) != nil else {
            return
        }
        for (index, line) in fields.lines.enumerated() {
            let isForServices = !isResponse && (line.name == .serverDetail || line.name == .link)
            guard isPassable(bytes, line) || isForServices else { continue }
            body(bytes.extracting(fields.run(index, index + 1)))
        }
    }

    private static func isPassable(_ bytes: RawSpan, _ line: FieldLine) -> Bool {
        guard line.name == .other || line.name == .etag else { return false }
        let name = line.nameRange
        return !Bytes.hasPrefix(bytes, name, "content-") && !Bytes.hasPrefix(bytes, name, "if-")
            && !Bytes.hasPrefix(bytes, name, "accept") && !Bytes.hasPrefix(bytes, name, "access-control-")
            && !Bytes.hasPrefix(bytes, name, "sec-") && !isControl(bytes, name)
    }

    private static func isControl(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        switch name.count {
        case 3: Bytes.equals(bytes, name, "age")
        case 4: Bytes.equals(bytes, name, "vary")
        case 5: Bytes.equals(bytes, name, "range")
        case 6: Bytes.equals(bytes, name, "pragma") || Bytes.equals(bytes, name, "origin")
        case 7: Bytes.equals(bytes, name, "expires") || Bytes.equals(bytes, name, "warning")
        case 12: Bytes.equals(bytes, name, "max-forwards")
        default: false
        }
    }
}

extension FieldIndex {
    /// Whether a request's sender takes trailer fields: `TE: trailers`, which `Connection` names, as it must
    /// (RFC 9110 section 10.1.4).
    package func acceptsTrailers(_ bytes: RawSpan) -> Bool {
        guard te >= 0, lines[te].isForThisHop else { return false }
        let value = lines[te].valueRange
        var start = value.lowerBound
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, Bytes.at(bytes, end) != Bytes.comma { end += 1 }
            if Bytes.equals(bytes, Bytes.trimmed(bytes, start..<end), "trailers") { return true }
            start = end + 1
        }
        return false
    }
}
