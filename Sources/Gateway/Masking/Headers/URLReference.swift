// Unsafe code: the bytes of static texts.

/// A reference to a URL (RFC 3986 section 4.1) as browsers read it, as ranges of the bytes that it stands in.
struct URLReference {
    enum Kind: Equatable {
        /// `http`, `https`, `ws` or `wss`, and an authority.
        case absolute
        /// `//host/path`.
        case protocolRelative
        /// `/path`.
        case path
        /// `path`, `?query`, `./path`.
        case relative
        /// `#fragment`, or nothing.
        case sameDocument
        /// `mailto:`, `data:` and their like.
        case otherScheme
        /// With a backslash or a control character where a path or an authority is: readers differ.
        case ambiguous
    }
    var kind = Kind.relative
    var isSecure = false
    var isWebSocket = false
    var hasUserinfo = false
    /// Without brackets.
    var host = 0..<0
    /// Of the URL, or its scheme's own; 0 where what stands there is none.
    var port: UInt16 = 0
    /// From the path on; empty for no path, query and fragment.
    var target = 0..<0

    init(_ bytes: RawSpan, _ range: Range<Int>) {
        target = range
        var end = range.lowerBound
        // Where the path ends: a backslash is one only before that.
        while end < range.upperBound, bytes.octet(end) != UInt8(ascii: "?"), bytes.octet(end) != UInt8(ascii: "#") {
            let byte = bytes.octet(end)
            if byte == UInt8(ascii: "\\") || byte < 33 || byte == 127 {
                kind = .ambiguous
                return
            }
            end += 1
        }
        guard !range.isEmpty, bytes.octet(range.lowerBound) != UInt8(ascii: "#") else {
            kind = .sameDocument
            return
        }
        guard bytes.octet(range.lowerBound) != UInt8(ascii: "/") else {
            let isDouble = range.count > 1 && bytes.octet(range.lowerBound + 1) == UInt8(ascii: "/")
            kind = isDouble ? .protocolRelative : .path
            if isDouble { readAuthority(bytes, from: range.lowerBound + 2, end, range.upperBound) }
            return
        }
        guard let colon = Self.schemeEnd(bytes, range.lowerBound, end) else { return }
        kind = .otherScheme
        let scheme = range.lowerBound..<colon
        isSecure = bytes.isWord("https", at: scheme) || bytes.isWord("wss", at: scheme)
        isWebSocket = bytes.isWord("ws", at: scheme) || bytes.isWord("wss", at: scheme)
        guard isSecure || isWebSocket || bytes.isWord("http", at: scheme) else { return }
        guard colon + 2 < end, bytes.octet(colon + 1) == UInt8(ascii: "/"), bytes.octet(colon + 2) == UInt8(ascii: "/")
        else {
            // `http:host` and `http:/host` are read in more than one way.
            kind = .ambiguous
            return
        }
        kind = .absolute
        readAuthority(bytes, from: colon + 3, end, range.upperBound)
    }

    private mutating func readAuthority(_ bytes: RawSpan, from start: Int, _ pathEnd: Int, _ end: Int) {
        var authority = start..<start
        while authority.upperBound < pathEnd, bytes.octet(authority.upperBound) != UInt8(ascii: "/") {
            authority = start..<authority.upperBound + 1
        }
        target = authority.upperBound..<end
        for index in authority.reversed() where bytes.octet(index) == UInt8(ascii: "@") {
            hasUserinfo = true
            authority = index + 1..<authority.upperBound
            break
        }
        if authority.isEmpty { kind = .ambiguous }
        var name = authority
        port = isSecure ? 443 : 80
        if !authority.isEmpty, bytes.octet(authority.lowerBound) == UInt8(ascii: "[") {
            let close = bytes.first(UInt8(ascii: "]"), in: authority) ?? authority.upperBound
            host = authority.lowerBound + 1..<close
            name = min(close + 1, authority.upperBound)..<authority.upperBound
        } else {
            let colon = bytes.first(UInt8(ascii: ":"), in: authority) ?? authority.upperBound
            host = authority.lowerBound..<colon
            name = colon..<authority.upperBound
        }
        guard name.count > 1 else { return }
        var number = 0
        for index in name.lowerBound + 1..<name.upperBound {
            let digit = bytes.octet(index) &- 48
            guard digit < 10, number < 65536 else {
                number = 0
                break
            }
            number = number * 10 + Int(digit)
        }
        port = UInt16(exactly: number) ?? 0
    }

    /// Where the colon of a scheme stands (RFC 3986 section 3.1).
    private static func schemeEnd(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
        var index = start
        while index < end {
            switch bytes.octet(index) {
            case UInt8(ascii: ":"): return index > start ? index : nil
            case 65...90, 97...122: break
            case 48...57, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): if index == start { return nil }
            default: return nil
            }
            index += 1
        }
        return nil
    }
}

extension RawSpan {
    /// Whether `range` is an ASCII word in small letters, letters compared without case.
    func isWord(_ word: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let byte = octet(range.lowerBound + offset)
            let lower = byte >= 65 && byte <= 90 ? byte | 32 : byte
            guard unsafe lower == word.utf8Start[offset] else { return false }
        }
        return true
    }

    /// Whether `range` begins with an ASCII word in small letters.
    func beginsWithWord(_ word: StaticString, at range: Range<Int>) -> Bool {
        let count = word.utf8CodeUnitCount
        return range.count >= count && isWord(word, at: range.lowerBound..<range.lowerBound + count)
    }

    /// `range` without spaces and tabs at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, octet(start) == 32 || octet(start) == 9 { start += 1 }
        while end > start, octet(end - 1) == 32 || octet(end - 1) == 9 { end -= 1 }
        return start..<end
    }
}
