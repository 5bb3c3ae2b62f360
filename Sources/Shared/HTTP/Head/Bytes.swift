// Unsafe code: unchecked loads in the two loops that look at every byte of a head; memchr and memcmp.
import Glibc

/// Classes of bytes (RFC 9110 section 5.6.2, RFC 9112 section 3) and comparisons that need no `String`.
enum Bytes {
    static let carriageReturn: UInt8 = 13
    static let lineFeed: UInt8 = 10
    static let space: UInt8 = 32
    static let tab: UInt8 = 9
    static let colon: UInt8 = 58
    static let comma: UInt8 = 44

    // tchar as two sets of 64 bits: bytes 0 to 63, and 64 to 127.
    private static let tokenLow: UInt64 = 0x03FF_6CFA_0000_0000
    private static let tokenHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE

    /// `tchar` of RFC 9110 section 5.6.2.
    @inline(__always) static func isToken(_ byte: UInt8) -> Bool {
        byte < 128 && ((byte < 64 ? tokenLow : tokenHigh) &>> UInt64(byte & 63)) & 1 != 0
    }

    /// Whether all of `range` are `tchar`, and there is at least one.
    @inline(__always) static func isToken(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.upperBound <= bytes.byteCount else { return false }
        for index in range {
            guard isToken(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)) else { return false }
        }
        return true
    }

    /// Whether `range` holds no byte that a field value must not have: VCHAR, SP, HTAB, obs-text are allowed
    /// (RFC 9110 section 5.5). Eight bytes at a time.
    @inline(__always) static func isFieldValue(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard range.upperBound <= bytes.byteCount else { return false }
        guard range.count >= 8 else { return isFieldValueByByte(bytes, range) }
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            guard isPlain(bytes, index) || isFieldValueByByte(bytes, index..<index + 8) else { return false }
            index += 8
        }
        // The last eight again, whatever of them was seen.
        index = range.upperBound - 8
        return isPlain(bytes, index) || isFieldValueByByte(bytes, index..<index + 8)
    }

    /// Whether eight bytes have no control among them. A tab is one, and obs-text may look like one: then each decides.
    @inline(__always) private static func isPlain(_ bytes: RawSpan, _ index: Int) -> Bool {
        let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        // Without their high bits the bytes can be added to: 0x7F reaches the high bit with 1, and what is 0x20 or more
        // with 0x60. No sum runs over into its neighbour.
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        let suspects = (low &+ 0x0101_0101_0101_0101) | ~(low &+ 0x6060_6060_6060_6060)
        return suspects & 0x8080_8080_8080_8080 == 0
    }

    private static func isFieldValueByByte(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        for index in range {
            guard isFieldByte(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)) else {
                return false
            }
        }
        return true
    }

    @inline(__always) static func isFieldByte(_ byte: UInt8) -> Bool {
        (byte >= 32 && byte != 127) || byte == tab
    }

    /// Whether all of `range` are visible ASCII, and there is at least one: what a request-target may be made of.
    static func isVisible(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.upperBound <= bytes.byteCount else { return false }
        // Without a branch a byte, many are compared at once.
        var others: UInt8 = 0
        for index in range {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            others |= byte &- 33 < 94 ? 0 : 1
        }
        return others == 0
    }

    @inline(__always) static func at(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// Where the next line feed is, from `start` on.
    @inline(__always) static func lineFeed(in bytes: RawSpan, from start: Int) -> Int? {
        first(lineFeed, in: bytes, start, bytes.byteCount)
    }

    /// Where `byte` stands first, from `start` up to, not including, `end`.
    @inline(__always) static func first(_ byte: UInt8, in bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
        guard start >= 0, start < end, end <= bytes.byteCount else { return nil }
        return unsafe bytes.withUnsafeBytes { pointer -> Int? in
            guard let base = pointer.baseAddress else { return nil }
            guard let found = unsafe memchr(base + start, Int32(byte), end - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// Whether `range` is `word`, letters compared without case. `word` is given in ASCII and in lower case. Eight bytes
    /// at a time: with a word that the compiler knows, a comparison or two.
    @inline(__always) static func equals(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count == count, range.upperBound <= bytes.byteCount else { return false }
        let expected = unsafe UnsafeRawPointer(word.utf8Start)
        if count >= 8 {
            var offset = 0
            while offset + 8 <= count {
                guard unsafe isSame(bytes, range.lowerBound, expected, offset, UInt64.self) else { return false }
                offset += 8
            }
            return unsafe isSame(bytes, range.lowerBound, expected, count - 8, UInt64.self)
        }
        if count >= 4 {
            return unsafe isSame(bytes, range.lowerBound, expected, 0, UInt32.self)
                && isSame(bytes, range.lowerBound, expected, count - 4, UInt32.self)
        }
        for offset in 0..<count {
            guard unsafe isSame(bytes, range.lowerBound, expected, offset, UInt8.self) else { return false }
        }
        return true
    }

    /// Compares one word of memory at `offset`. Where a letter is expected, the bit that tells its case is passed over.
    @inline(__always) private static func isSame<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ bytes: RawSpan, _ start: Int, _ expected: UnsafeRawPointer, _ offset: Int, _ type: Word.Type
    ) -> Bool {
        let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start + offset, as: Word.self)
        let wanted = unsafe expected.loadUnaligned(fromByteOffset: offset, as: Word.self)
        // In the high bit of each byte: it is `a` or more, and not more than `z`. Moved to where capitals have no bit.
        let fromA = wanted &+ Word(truncatingIfNeeded: 0x1F1F_1F1F_1F1F_1F1F as UInt64)
        let pastZ = wanted &+ Word(truncatingIfNeeded: 0x0505_0505_0505_0505 as UInt64)
        let capital = (fromA & ~pastZ & Word(truncatingIfNeeded: 0x8080_8080_8080_8080 as UInt64)) >> 2
        return word | capital == wanted
    }

    /// Whether `range` begins with `word`, letters compared without case.
    static func hasPrefix(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count >= count else { return false }
        return equals(bytes, range.lowerBound..<range.lowerBound + count, word)
    }

    /// Whether both are the same bytes. How long it takes tells how much of them is: not for secrets.
    @inline(__always) static func areSame(_ one: RawSpan, _ other: RawSpan) -> Bool {
        guard one.byteCount == other.byteCount else { return false }
        return unsafe one.withUnsafeBytes { one in
            unsafe other.withUnsafeBytes { other in
                guard let one = one.baseAddress, let last = other.baseAddress else { return true }
                return unsafe memcmp(one, last, other.count) == 0
            }
        }
    }

    /// Whether two ranges hold the same bytes, letters compared without case.
    static func equals(_ bytes: RawSpan, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count {
            guard lowercased(at(bytes, one.lowerBound + offset)) == lowercased(at(bytes, other.lowerBound + offset))
            else { return false }
        }
        return true
    }

    @inline(__always) static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 65 && byte <= 90 ? byte | 32 : byte
    }

    /// `range` without the spaces and tabs at its ends.
    @inline(__always) static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isBlank(at(bytes, start)) { start += 1 }
        while end > start, isBlank(at(bytes, end - 1)) { end -= 1 }
        return start..<end
    }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}
