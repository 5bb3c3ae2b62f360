/// Strings and numbers (RFC 8259 sections 6 and 7).
extension StrictJSONParser {
    /// The string whose opening quotation mark is the next byte.
    mutating func string() throws(StrictJSONError) -> String {
        at += 1
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let string = try decoded(bytes, start..<at, from: start)
                at += 1
                return string
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw StrictJSONError(.controlCharacter, at: at)
            default: at += 1
            }
        }
        throw StrictJSONError(.unexpectedEnd, at: at)
    }

    /// The rest of a string that began at `start` and has its first escape at `at`.
    private mutating func escapedString(from start: Int) throws(StrictJSONError) -> String {
        var unescaped = Array(bytes[start..<at])
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return try decoded(unescaped, unescaped.indices, from: start)
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw StrictJSONError(.controlCharacter, at: at)
            default:
                unescaped.append(bytes[at])
                at += 1
            }
        }
        throw StrictJSONError(.unexpectedEnd, at: at)
    }

    /// Not `String(validating:as:)`, which is generic: the library's own code for it is not specialised, and costs as much
    /// as the rest of a short object.
    private func decoded(
        _ bytes: [UInt8], _ range: Range<Int>, from start: Int
    ) throws(StrictJSONError) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
        } catch {
            throw StrictJSONError(.invalidUnicode, at: start)
        }
    }

    private mutating func escape(into unescaped: inout [UInt8]) throws(StrictJSONError) {
        let start = at
        at += 1
        let kind = try peek()
        at += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(kind)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0c)
        case UInt8(ascii: "n"): unescaped.append(0x0a)
        case UInt8(ascii: "r"): unescaped.append(0x0d)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: String(try escapedScalar(from: start)).utf8)
        default: throw StrictJSONError(.invalidEscape, at: start)
        }
    }

    /// The character of a `\uXXXX`, or of two that are a surrogate pair.
    private mutating func escapedScalar(from start: Int) throws(StrictJSONError) -> Character {
        var point = try codeUnit(from: start)
        if (0xd800..<0xdc00).contains(point) {
            guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
                throw StrictJSONError(.invalidUnicode, at: start)
            }
            at += 2
            let low = try codeUnit(from: start)
            guard (0xdc00..<0xe000).contains(low) else { throw StrictJSONError(.invalidUnicode, at: start) }
            point = 0x10000 + (point - 0xd800) << 10 + (low - 0xdc00)
        }
        // Nil for a low surrogate that stands alone.
        guard let scalar = Unicode.Scalar(point) else { throw StrictJSONError(.invalidUnicode, at: start) }
        return Character(scalar)
    }

    private mutating func codeUnit(from start: Int) throws(StrictJSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let digit = try peek()
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: throw StrictJSONError(.invalidEscape, at: start)
            }
            at += 1
        }
        return unit
    }

    /// `-? (0 | [1-9][0-9]*) (.[0-9]+)? ([eE][+-]?[0-9]+)?`
    mutating func number() throws(StrictJSONError) -> StrictJSONValue {
        let start = at
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        try digits(from: start)
        guard bytes[first] != UInt8(ascii: "0") || at == first + 1 else {
            throw StrictJSONError(.invalidNumber, at: start)
        }
        var isWhole = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isWhole = false
            at += 1
            try digits(from: start)
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits(from: start)
        }
        if isWhole, let integer = shortInteger(start..<at) { return .integer(integer) }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw StrictJSONError(.numberOutOfRange, at: start) }
        return .number(number)
    }

    /// A whole number of so few digits that it fits, which nearly all have; nil for a longer one.
    private func shortInteger(_ range: Range<Int>) -> Int64? {
        guard range.count <= 18 else { return nil }
        var integer: Int64 = 0
        for index in range where bytes[index] != UInt8(ascii: "-") {
            integer = integer * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
        }
        return bytes[range.lowerBound] == UInt8(ascii: "-") ? -integer : integer
    }

    private mutating func digits(from start: Int) throws(StrictJSONError) {
        let first = at
        while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] { at += 1 }
        guard at > first else {
            throw StrictJSONError(
                at == bytes.count ? .unexpectedEnd : .invalidNumber, at: at == bytes.count ? at : start)
        }
    }
}
