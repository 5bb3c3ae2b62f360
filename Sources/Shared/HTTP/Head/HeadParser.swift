/// Parses heads of HTTP/1.x strictly (RFC 9112): what could be read in two ways is refused.
///
/// Does no I/O: given the bytes that there are, it says that more are needed, how long the head is, or what is wrong.
/// What is wrong with a line is said when the line is there, not when the head is.
package enum HeadParser {
    /// Parses a request's head at the beginning of `bytes`. Returns its length, nil when it is not complete: call again
    /// with the same bytes and more behind them.
    package static func parse(
        _ bytes: RawSpan, limits: HeadLimits, into head: RequestHead
    ) throws(MessageFault) -> Int? {
        if !isPastStartLine(&head.fields) {
            guard let end = try startLine(bytes, limits, into: &head.fields) else { return nil }
            try RequestLine.parse(bytes, end: end, into: head)
        }
        guard let length = try fieldLines(bytes, limits, into: &head.fields) else { return nil }
        try RequestRules.check(bytes, head)
        return length
    }

    /// Parses a response's head at the beginning of `bytes`; otherwise as for a request's.
    package static func parse(
        _ bytes: RawSpan, limits: HeadLimits, into head: ResponseHead
    ) throws(MessageFault) -> Int? {
        if !isPastStartLine(&head.fields) {
            guard let end = try startLine(bytes, limits, into: &head.fields) else { return nil }
            try StatusLine.parse(bytes, end: end, into: head)
        }
        guard let length = try fieldLines(bytes, limits, into: &head.fields) else { return nil }
        try ResponseRules.check(bytes, head)
        return length
    }

    /// Length of an empty line before a request line, which is passed over (RFC 9112 section 2.2); 0 for none.
    package static func emptyLine(_ bytes: RawSpan) -> Int {
        let isThere =
            bytes.byteCount >= 2 && Bytes.at(bytes, 0) == Bytes.carriageReturn && Bytes.at(bytes, 1) == Bytes.lineFeed
        return isThere ? 2 : 0
    }

    /// Parses trailer fields (RFC 9112 section 7.1.2), which end as a head's fields do.
    package static func parseTrailers(
        _ bytes: RawSpan, limits: HeadLimits, into fields: inout FieldIndex
    ) throws(MessageFault) -> Int? {
        fields.reset()
        return try fieldLines(bytes, limits, into: &fields)
    }

    /// Whether the head goes on behind its first line, which an earlier call has read.
    @inline(__always) private static func isPastStartLine(_ fields: inout FieldIndex) -> Bool {
        guard fields.isPartial else {
            fields.reset()
            return false
        }
        // Stays so only if this call does not come to an end either.
        fields.isPartial = false
        return fields.nextLine > 0
    }

    /// The offset of the CR that ends the first line.
    private static func startLine(
        _ bytes: RawSpan, _ limits: HeadLimits, into fields: inout FieldIndex
    ) throws(MessageFault) -> Int? {
        guard let feed = Bytes.lineFeed(in: bytes, from: fields.searched) else {
            // The last of the bytes may be the CR.
            guard bytes.byteCount - 1 <= limits.startLine else { throw .targetTooLong }
            fields.pause(at: 0, searched: bytes.byteCount)
            return nil
        }
        guard feed - 1 <= limits.startLine else { throw .targetTooLong }
        guard feed > 0, Bytes.at(bytes, feed - 1) == Bytes.carriageReturn else { throw .lineEnding }
        fields.nextLine = feed + 1
        fields.searched = feed + 1
        return feed - 1
    }

    private static func fieldLines(
        _ bytes: RawSpan, _ limits: HeadLimits, into fields: inout FieldIndex
    ) throws(MessageFault) -> Int? {
        var line = fields.nextLine
        var searched = fields.searched
        while true {
            guard let feed = Bytes.lineFeed(in: bytes, from: searched) else {
                guard bytes.byteCount - 1 - line <= limits.fieldLine else { throw .lineTooLong }
                guard bytes.byteCount < limits.head else { throw .headTooLong }
                fields.pause(at: line, searched: bytes.byteCount)
                return nil
            }
            let end = feed - 1
            guard end - line <= limits.fieldLine else { throw .lineTooLong }
            guard feed < limits.head else { throw .headTooLong }
            guard feed > line, Bytes.at(bytes, end) == Bytes.carriageReturn else { throw .lineEnding }
            if end == line {
                fields.headLength = feed + 1
                return feed + 1
            }
            guard fields.lines.count < limits.fields else { throw .tooManyFields }
            fields.add(try fieldLine(bytes, line..<end))
            line = feed + 1
            searched = line
        }
    }

    @inline(__always) private static func fieldLine(
        _ bytes: RawSpan, _ line: Range<Int>
    ) throws(MessageFault) -> FieldLine {
        guard !Bytes.isBlank(Bytes.at(bytes, line.lowerBound)) else { throw .folding }
        guard let colon = Bytes.first(Bytes.colon, in: bytes, line.lowerBound, line.upperBound),
            let name = FieldName.identify(bytes, line.lowerBound..<colon)
        else { throw .fieldName }
        let value = Bytes.trimmed(bytes, colon + 1..<line.upperBound)
        guard Bytes.isFieldValue(bytes, value) else { throw .fieldValue }
        return FieldLine(
            nameStart: UInt32(truncatingIfNeeded: line.lowerBound),
            valueStart: UInt32(truncatingIfNeeded: value.lowerBound),
            valueEnd: UInt32(truncatingIfNeeded: value.upperBound),
            nameLength: UInt16(truncatingIfNeeded: colon - line.lowerBound),
            name: name, isForThisHop: false)
    }
}
