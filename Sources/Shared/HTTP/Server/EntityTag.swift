// Unsafe code: unaligned loads, eight bytes at a time, within the bounds of a span.

/// A validator of a body that we make (RFC 9110 section 8.8.3): a strong tag of the bytes' hash and their number. It
/// names a version; it proves nothing.
package struct EntityTag: Sendable {
    /// Both quotes, two numbers of 16 hexadecimal digits at most, and the hyphen between them.
    private var text: InlineArray<35, UInt8> = .init(repeating: 0)
    private var count = 0

    package init(_ body: RawSpan) {
        append(34)
        append(hexadecimal: Self.hash(body))
        append(45)
        append(hexadecimal: UInt64(body.byteCount))
        append(34)
    }

    package init(_ body: [UInt8]) {
        self.init(unsafe body.span.bytes)
    }

    /// A copy of the tag as it stands in a field.
    var copied: [UInt8] { (0..<count).map { text[$0] } }

    /// Writes the tag as it stands in a field, quotes included.
    package func append(to stream: Stream) {
        stream.append(unsafe text.span.bytes.extracting(0..<count))
    }

    /// Whether the value of an `If-None-Match` (RFC 9110 section 13.1.2) names this tag, or any; comparison is weak.
    package func isNamed(by field: RawSpan) -> Bool {
        var start = 0
        while start <= field.byteCount {
            var end = start
            while end < field.byteCount, Bytes.at(field, end) != Bytes.comma { end += 1 }
            let candidate = Bytes.trimmed(field, start..<end)
            if candidate.count == 1 && Bytes.at(field, candidate.lowerBound) == 42 { return true }  // *
            if isSame(field, candidate) { return true }
            start = end + 1
        }
        return false
    }

    private func isSame(_ field: RawSpan, _ candidate: Range<Int>) -> Bool {
        var start = candidate.lowerBound
        if candidate.count >= 2, Bytes.at(field, start) == 87, Bytes.at(field, start + 1) == 47 { start += 2 }  // W/
        guard candidate.upperBound - start == count else { return false }
        for index in 0..<count where Bytes.at(field, start + index) != text[index] { return false }
        return true
    }

    private mutating func append(_ byte: UInt8) {
        text[count] = byte
        count += 1
    }

    private mutating func append(hexadecimal value: UInt64) {
        var shift = max(0, (64 - value.leadingZeroBitCount + 3) / 4 - 1) * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 0x0F
            append(digit < 10 ? 48 + digit : 87 + digit)
            shift -= 4
        }
    }

    /// FNV-1a on words of eight bytes, the high bits folded into the low after each.
    private static func hash(_ body: RawSpan) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ word: UInt64) {
            hash = (hash ^ word) &* 0x0000_0100_0000_01B3
            hash ^= hash >> 32
        }
        var index = 0
        while index + 8 <= body.byteCount {
            take(unsafe body.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        while index < body.byteCount {
            take(UInt64(Bytes.at(body, index)))
            index += 1
        }
        return hash
    }
}
