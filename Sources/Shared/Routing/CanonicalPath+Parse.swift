// Unsafe here: reading and copying a RawSpan. Both are bounds-checked by the standard library, and a byte has no
// invalid value; the language has no safe spelling for either yet.

extension CanonicalPath {
    /// Decides what path and query an origin-form target is (RFC 9112 section 3.2.1). All that two readers could
    /// read in two ways is refused; see `PathError`.
    package mutating func parse(_ target: RawSpan) throws(PathError) {
        reset()
        do {
            let end = try markSegments(target)
            if hasEscape {
                try decodeSegments(target)
            } else {
                unsafe target.extracting(0..<end).withUnsafeBytes { unsafe canonical.append(contentsOf: $0) }
            }
            if end < target.byteCount {
                query = (end + 1)..<target.byteCount
                try Self.checkQuery(target, from: end + 1)
            }
        } catch {
            reset()
            throw error
        }
    }

    private mutating func reset() {
        canonical.removeAll(keepingCapacity: true)
        decoded.removeAll(keepingCapacity: true)
        segments.removeAll(keepingCapacity: true)
        query = nil
        hasTrailingSlash = false
        hasEncodedSlash = false
        hasEscape = false
    }

    /// Splits the path, checks each plain byte, and returns where the path ends. The ranges that it leaves in
    /// `segments` are the target's, which are `canonical`'s too if there is no escape.
    private mutating func markSegments(_ target: RawSpan) throws(PathError) -> Int {
        guard target.byteCount > 0, target.byte(0) == ASCII.slash else { throw .notOriginForm }
        let plain = ASCIISet.segment
        var start = 1
        var index = 1
        scan: while index < target.byteCount {
            let byte = target.byte(index)
            if !plain.contains(byte) {
                switch byte {
                case ASCII.slash:
                    try markSegment(start..<index, target)
                    start = index + 1
                case ASCII.percent: hasEscape = true
                case ASCII.question: break scan
                default: throw PathError(inPath: byte)
                }
            }
            index += 1
        }
        if start < index {
            try markSegment(start..<index, target)
        } else {
            hasTrailingSlash = !segments.isEmpty
        }
        return index
    }

    private mutating func markSegment(_ range: Range<Int>, _ target: RawSpan) throws(PathError) {
        if range.isEmpty { throw .emptySegment }
        if range.count <= 2, target.byte(range.lowerBound) == ASCII.period,
            target.byte(range.upperBound - 1) == ASCII.period
        {
            throw .dotSegment
        }
        if segments.count == Self.segmentLimit { throw .tooManySegments }
        segments.append(Segment(value: range, encoded: range))
    }

    private static func checkQuery(_ target: RawSpan, from start: Int) throws(PathError) {
        let plain = ASCIISet.query
        var index = start
        while index < target.byteCount {
            let byte = target.byte(index)
            if byte == ASCII.percent {
                guard target.escape(index, end: target.byteCount) != nil else { throw .malformedEscapeInQuery }
                index += 3
            } else if plain.contains(byte) {
                index += 1
            } else {
                throw PathError(inQuery: byte)
            }
        }
    }
}

extension RawSpan {
    /// The byte at an offset; traps outside the bounds.
    package func byte(_ offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    /// The byte that the escape at `offset` stands for (RFC 3986 section 2.1), nil if it is no escape or does not
    /// end before `end`.
    package func escape(_ offset: Int, end: Int) -> UInt8? {
        guard end - offset > 2, let high = ASCII.hexadecimalValue(byte(offset + 1)),
            let low = ASCII.hexadecimalValue(byte(offset + 2))
        else { return nil }
        return high << 4 | low
    }
}
