/// Content-Length and Transfer-Encoding (RFC 9112 sections 6.1 and 6.2): once, and in the plain form only.
enum FramingRule {
    static func apply(_ bytes: RawSpan, _ line: FieldLine, _ fields: inout FieldIndex) throws(MessageFault) {
        guard !hasTab(bytes, line) else { throw line.name == .contentLength ? .contentLength : .transferEncoding }
        if line.name == .transferEncoding {
            guard !fields.isChunked, Bytes.equals(bytes, line.valueRange, "chunked") else { throw .transferEncoding }
            fields.isChunked = true
        } else {
            guard fields.contentLength < 0 else { throw .contentLength }
            fields.contentLength = try contentLength(bytes, line.valueRange)
        }
    }

    /// Whether a tab stands beside the value: some parsers take it for a part of it.
    private static func hasTab(_ bytes: RawSpan, _ line: FieldLine) -> Bool {
        for index in line.nameRange.upperBound + 1..<Int(line.valueStart) where Bytes.at(bytes, index) == Bytes.tab {
            return true
        }
        var index = Int(line.valueEnd)
        while Bytes.at(bytes, index) != Bytes.carriageReturn {
            if Bytes.at(bytes, index) == Bytes.tab { return true }
            index += 1
        }
        return false
    }

    /// Digits only: no sign, no list, no more than fits (18 digits).
    private static func contentLength(_ bytes: RawSpan, _ range: Range<Int>) throws(MessageFault) -> Int {
        guard !range.isEmpty, range.count <= 18 else { throw .contentLength }
        var value = 0
        for index in range {
            let digit = Bytes.at(bytes, index)
            guard digit >= 48, digit <= 57 else { throw .contentLength }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }
}
