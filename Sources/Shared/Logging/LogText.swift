/// How text of unknown origin is shown to people: on one line, without control characters, bounded.
///
/// A log line is one event. A value with a line break must not look like a second event, and a terminal must not
/// obey what a client sent: control characters (C0, DEL, C1), line separators and the characters that turn the
/// direction of writing are written as escapes.
package enum LogText {
    /// The longest value in bytes of UTF-8, before escaping.
    package static let valueLimit = 4096

    /// `text` escaped, and cut at `limit` bytes (on a character's border) with `…` in place of the rest.
    package static func escaped(_ text: String, limit: Int = valueLimit) -> String {
        var result = ""
        append(text, limit: limit, quoting: false, to: &result)
        return result
    }

    /// `text` escaped, cut and in double quotes.
    package static func quoted(_ text: String, limit: Int = valueLimit) -> String {
        var result = "\""
        append(text, limit: limit, quoting: true, to: &result)
        result += "\""
        return result
    }

    /// `text` as the value of a `key=value` pair: bare where it can be read only in one way, else quoted.
    package static func value(_ text: String, limit: Int = valueLimit) -> String {
        let bare =
            !text.isEmpty && text.utf8.count <= limit
            && text.unicodeScalars.allSatisfy { scalar in
                !mustEscape(scalar) && !scalar.properties.isWhitespace && !"\"\\=".unicodeScalars.contains(scalar)
            }
        return bare ? text : quoted(text, limit: limit)
    }

    /// The longest beginning of `text` of at most `limit` bytes that ends on the border of a character.
    package static func cut(_ text: String, limit: Int) -> Substring {
        guard text.utf8.count > limit else { return text[...] }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        // A byte 10xxxxxx continues a character (RFC 3629 section 3).
        while end > text.startIndex, text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return text[..<end]
    }

    private static func append(_ text: String, limit: Int, quoting: Bool, to result: inout String) {
        let kept = cut(text, limit: limit)
        for scalar in kept.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            case "\"" where quoting: result += "\\\""
            default:
                if mustEscape(scalar) {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        if kept.endIndex < text.endIndex { result += "…" }
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x2028, 0x2029: true
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
