extension CanonicalPath {
    /// For a path with escapes: replaces the target's ranges in `segments` by ranges of what it writes to `decoded`
    /// (the values) and `canonical` (the values encoded anew).
    mutating func decodeSegments(_ target: RawSpan) throws(PathError) {
        canonical.append(ASCII.slash)
        for index in segments.indices {
            if index > 0 { canonical.append(ASCII.slash) }
            let (value, encoded) = (decoded.count, canonical.count)
            try decodeSegment(segments[index].value, target)
            segments[index] = Segment(value: value..<decoded.count, encoded: encoded..<canonical.count)
        }
        if hasTrailingSlash { canonical.append(ASCII.slash) }
    }

    private mutating func decodeSegment(_ range: Range<Int>, _ target: RawSpan) throws(PathError) {
        let start = decoded.count
        // A value that holds slashes is one segment here, but must not become a way up for who splits it again.
        var pieceStart = start
        var hasNonASCII = false
        var index = range.lowerBound
        while index < range.upperBound {
            var byte = target.byte(index)
            if byte == ASCII.percent {
                guard let value = target.escape(index, end: range.upperBound) else { throw .malformedEscape }
                byte = value
                index += 3
            } else {
                index += 1
            }
            if byte == ASCII.slash {
                try checkPiece(from: pieceStart)
                pieceStart = decoded.count + 1
                hasEncodedSlash = true
            } else if byte == ASCII.backslash {
                throw .backslash
            } else if ASCII.isControl(byte) {
                throw .control
            }
            hasNonASCII = hasNonASCII || byte >= 0x80
            decoded.append(byte)
            appendEncoded(byte)
        }
        try checkPiece(from: pieceStart)
        if hasNonASCII { try checkUTF8(from: start) }
    }

    private func checkPiece(from start: Int) throws(PathError) {
        let count = decoded.count - start
        if count == 1 || count == 2, decoded[start] == ASCII.period, decoded[decoded.count - 1] == ASCII.period {
            throw .dotSegment
        }
    }

    /// The standard library's check refuses overlong forms and surrogates, which would hide a slash or a period.
    private func checkUTF8(from start: Int) throws(PathError) {
        do {
            _ = try UTF8Span(validating: decoded.span.extracting(start..<decoded.count))
        } catch {
            throw .invalidUTF8
        }
    }

    private mutating func appendEncoded(_ byte: UInt8) {
        if ASCIISet.segment.contains(byte) {
            canonical.append(byte)
        } else {
            canonical.append(ASCII.percent)
            canonical.append(ASCII.hexadecimalDigit(byte >> 4))
            canonical.append(ASCII.hexadecimalDigit(byte & 0x0F))
        }
    }
}
