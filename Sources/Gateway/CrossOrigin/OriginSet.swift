// Unsafe code: single bytes of a field, within its bounds.
import Shared

/// Origins of pages (RFC 6454 section 6.2), as browsers write them: scheme, host, and a port that is not the scheme's
/// own; or `null`.
struct OriginSet: Sendable, Equatable {
    /// `https://*.example.org`: what stands before and behind the star.
    struct Pattern: Sendable, Equatable {
        let start: [UInt8]
        let end: [UInt8]
    }
    /// `*`.
    var isAny = false
    var exact: [[UInt8]] = []
    var patterns: [Pattern] = []

    /// Whether the value of an `Origin` is one of these. Case counts: browsers write scheme and host in lower case.
    func contains(_ origin: RawSpan) -> Bool {
        if isAny { return true }
        for one in exact where ByteText.isSame(origin, 0..<origin.byteCount, one) { return true }
        for pattern in patterns where matches(origin, pattern) { return true }
        return false
    }

    /// One name or more in the star's place, and nothing but names: what has a slash or an at sign is no host.
    private func matches(_ origin: RawSpan, _ pattern: Pattern) -> Bool {
        let (start, end) = (pattern.start.count, origin.byteCount - pattern.end.count)
        guard end > start, ByteText.isSame(origin, 0..<start, pattern.start),
            ByteText.isSame(origin, end..<origin.byteCount, pattern.end)
        else { return false }
        for index in start..<end {
            guard ByteText.isHostName(ByteText.at(origin, index)) else { return false }
        }
        // Labels are not empty: `.example.org` and `a..example.org` are no hosts.
        var previous = UInt8(ascii: ".")
        for index in start..<end {
            let byte = ByteText.at(origin, index)
            if byte == UInt8(ascii: "."), previous == byte { return false }
            previous = byte
        }
        return previous != UInt8(ascii: ".")
    }

    /// Adds an origin as configuration has it; false for what is none.
    mutating func insert(_ text: String) -> Bool {
        if text == "*" {
            isAny = true
            return true
        }
        if text == "null" {
            exact.append(Array(text.utf8))
            return true
        }
        guard
            let match = text.wholeMatch(
                of: /([a-z][a-z0-9+.-]*):\/\/(\*\.)?([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/),
            match.3.first != ".", match.3.last != ".", !match.3.contains("..")
        else { return false }
        let ownPort = match.1 == "https" ? "443" : match.1 == "http" ? "80" : ""
        let port = match.4.map { $0 == ownPort ? "" : ":\($0)" } ?? ""
        if match.2 != nil {
            guard match.3.first != "[" else { return false }
            patterns.append(Pattern(start: Array("\(match.1)://".utf8), end: Array(".\(match.3)\(port)".utf8)))
        } else {
            exact.append(Array("\(match.1)://\(match.3)\(port)".utf8))
        }
        return true
    }
}

/// Bytes of a field compared in place.
enum ByteText {
    @inline(__always) static func at(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    static func isSame(_ bytes: RawSpan, _ range: Range<Int>, _ word: [UInt8]) -> Bool {
        guard range.count == word.count else { return false }
        for offset in 0..<word.count where at(bytes, range.lowerBound + offset) != word[offset] { return false }
        return true
    }

    /// Letters in lower case, digits, hyphen, period, underscore.
    static func isHostName(_ byte: UInt8) -> Bool {
        (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte == 45 || byte == 46 || byte == 95
    }

    /// Whether these are names of fields with commas and blanks between them, no more than a browser may send.
    static func isFieldList(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount > 0, bytes.byteCount <= 2048 else { return false }
        for index in 0..<bytes.byteCount {
            let byte = at(bytes, index)
            guard FieldText.isToken(byte) || byte == 44 || byte == 32 || byte == 9 else { return false }
        }
        return true
    }
}
