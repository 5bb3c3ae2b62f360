// Unsafe code: unchecked loads in the two loops that look at every byte of a head; memchr.
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
        if byte < 64 { return (tokenLow >> UInt64(byte)) & 1 != 0 }
        if byte < 128 { return (tokenHigh >> UInt64(byte & 63)) & 1 != 0 }
        return false
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
        var index = range.lowerBound
        while index + 8 <= range.upperBound {
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            // High bits of bytes below 0x20, and of bytes that are 0x7F; obs-text has its own high bit set.
            let control = (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
            let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let deletes = (delete &- 0x0101_0101_0101_0101) & ~delete & 0x8080_8080_8080_8080
            if control | deletes != 0 {
                // May be a tab, or a borrow: the slow loop decides.
                for offset in index..<index + 8 {
                    guard isFieldByte(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)) else {
                        return false
                    }
                }
            }
            index += 8
        }
        while index < range.upperBound {
            guard isFieldByte(unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)) else {
                return false
            }
            index += 1
        }
        return true
    }

    @inline(__always) static func isFieldByte(_ byte: UInt8) -> Bool {
        (byte >= 32 && byte != 127) || byte == tab
    }

    /// Whether all of `range` are visible ASCII, and there is at least one: what a request-target may be made of.
    static func isVisible(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.upperBound <= bytes.byteCount else { return false }
        for index in range {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
            guard byte > 32 && byte < 127 else { return false }
        }
        return true
    }

    @inline(__always) static func at(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// Where the next line feed is, from `start` on.
    @inline(__always) static func lineFeed(in bytes: RawSpan, from start: Int) -> Int? {
        guard start < bytes.byteCount else { return nil }
        return unsafe bytes.withUnsafeBytes { pointer -> Int? in
            guard let base = pointer.baseAddress else { return nil }
            guard let found = unsafe memchr(base + start, Int32(lineFeed), pointer.count - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// Whether `range` is `word`, letters compared without case. `word` is given in lower case.
    @inline(__always) static func equals(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count == count, range.upperBound <= bytes.byteCount else { return false }
        let expected = unsafe word.utf8Start
        for offset in 0..<count {
            let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: range.lowerBound + offset, as: UInt8.self)
            guard unsafe lowercased(byte) == expected[offset] else { return false }
        }
        return true
    }

    /// Whether `range` begins with `word`, letters compared without case.
    static func hasPrefix(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count >= count else { return false }
        return equals(bytes, range.lowerBound..<range.lowerBound + count, word)
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
