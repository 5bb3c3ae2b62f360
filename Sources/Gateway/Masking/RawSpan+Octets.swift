// Unsafe code: loads of single bytes from a span, which are checked against its bounds; the bytes of static texts.

/// Bytes of a message, read without a `String`.
extension RawSpan {
    /// The byte at an offset; traps outside the bounds.
    @inline(__always) func octet(_ offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    /// Where `byte` stands first in `range`.
    @inline(__always) func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if octet(index) == byte { return index }
            index += 1
        }
        return nil
    }

    /// Whether `range` holds the bytes of `text`.
    func holds(_ text: [UInt8], at range: Range<Int>) -> Bool {
        guard range.count == text.count else { return false }
        for offset in 0..<text.count where octet(range.lowerBound + offset) != text[offset] { return false }
        return true
    }
}

extension [UInt8] {
    /// Adds `range` of `bytes`.
    @inline(__always) mutating func append(_ bytes: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Adds an ASCII text.
    mutating func append(_ text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
