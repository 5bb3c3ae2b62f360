// Unsafe code: the bytes of static strings.

/// What a `Content-Type` says of a body (RFC 9110 section 8.3): whether it is text that can be rewritten.
enum BodyType: Equatable {
    /// A text whose letters are the bytes of ASCII.
    case text
    /// A text in an encoding in which they are not (UTF-16, UTF-7, EBCDIC): nothing could be found in it.
    case unreadable
    /// Passes as it is.
    case binary

    /// - Parameter value: of the field; empty where there is none. Without a type a body is taken for text, as those do who
    ///   get it and look.
    init(_ bytes: RawSpan, _ value: Range<Int>) {
        let type = Self.trimmed(bytes, value.lowerBound..<Self.end(of: value, in: bytes))
        guard type.isEmpty || Self.isText(bytes, type) else {
            self = .binary
            return
        }
        let charset = Self.charset(bytes, type.upperBound..<value.upperBound)
        self = charset.isEmpty || Self.isReadable(bytes, charset) ? .text : .unreadable
    }

    private static let texts: [StaticString] = [
        "application/json", "application/xml", "application/javascript", "application/ecmascript",
        "application/x-javascript", "application/x-ndjson", "application/ndjson", "application/jsonl",
        "application/x-jsonlines", "application/json-seq", "application/json5", "application/yaml",
        "application/x-yaml", "application/toml", "application/graphql", "application/sql", "application/rtf",
        "application/x-www-form-urlencoded", "application/vnd.apple.mpegurl", "application/x-mpegurl",
        "audio/mpegurl", "audio/x-mpegurl", "application/xml-dtd", "application/x-sh", "application/n-triples",
        "application/n-quads", "application/trig", "application/sparql-query", "message/http", "multipart/mixed",
        "multipart/form-data", "multipart/related", "multipart/x-mixed-replace", "application/jose+json",
    ]
    private static let suffixes: [StaticString] = ["+json", "+xml", "+yaml", "+json-seq", "+jsonl"]

    private static func isText(_ bytes: RawSpan, _ type: Range<Int>) -> Bool {
        if bytes.begins(type, with: "text/") { return true }
        for text in texts where type.count == text.utf8CodeUnitCount && bytes.begins(type, with: text) { return true }
        for suffix in suffixes where type.count > suffix.utf8CodeUnitCount {
            if bytes.begins(type.upperBound - suffix.utf8CodeUnitCount..<type.upperBound, with: suffix) { return true }
        }
        return false
    }

    /// Encodings that are ASCII where a byte is below 128 and stands by itself.
    private static let readable: [StaticString] = [
        "utf-8", "utf8", "us-ascii", "ascii", "iso-8859", "iso8859", "latin", "windows-", "cp125", "koi8", "gb",
        "big5", "euc-", "shift_jis", "shift-jis", "sjis", "tis-620", "macintosh", "x-mac", "binary", "unknown",
    ]

    private static func isReadable(_ bytes: RawSpan, _ charset: Range<Int>) -> Bool {
        for name in readable where bytes.begins(charset, with: name) { return true }
        return false
    }

    /// The value of the parameter `charset`, without quotes; empty without one.
    private static func charset(_ bytes: RawSpan, _ parameters: Range<Int>) -> Range<Int> {
        var start = parameters.lowerBound
        while start < parameters.upperBound {
            guard bytes.octet(start) == UInt8(ascii: ";") else {
                start += 1
                continue
            }
            var parameter = start + 1..<end(of: start + 1..<parameters.upperBound, in: bytes)
            start = parameter.upperBound
            parameter = trimmed(bytes, parameter)
            guard bytes.begins(parameter, with: "charset=") else { continue }
            return trimmed(bytes, parameter.lowerBound + 8..<parameter.upperBound)
        }
        return parameters.upperBound..<parameters.upperBound
    }

    private static func end(of range: Range<Int>, in bytes: RawSpan) -> Int {
        bytes.first(UInt8(ascii: ";"), in: range) ?? range.upperBound
    }

    /// Without blanks and quotes at its ends.
    private static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        func isOut(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 34 || byte == 39 }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isOut(bytes.octet(start)) { start += 1 }
        while end > start, isOut(bytes.octet(end - 1)) { end -= 1 }
        return start..<end
    }
}

extension RawSpan {
    /// Whether `range` begins with a word, given in lower case; letters in either case.
    func begins(_ range: Range<Int>, with word: StaticString) -> Bool {
        guard range.count >= word.utf8CodeUnitCount else { return false }
        for offset in 0..<word.utf8CodeUnitCount {
            let byte = octet(range.lowerBound + offset)
            guard unsafe (byte >= 65 && byte <= 90 ? byte | 32 : byte) == word.utf8Start[offset] else { return false }
        }
        return true
    }
}
