/// Request bytes as text that a person can read and change: the corpus's form.
///
/// `\r`, `\n`, `\t`, `\\` and `\xHH` stand for bytes. A line that begins with `#` is a comment; line ends that are
/// not escaped do not count, so that a request is written with one of its lines a line.
package enum EscapedBytes {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package static func bytes(_ text: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            var rest = line[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "\\") else {
                    bytes.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "r"): bytes.append(0x0D)
                case UInt8(ascii: "n"): bytes.append(0x0A)
                case UInt8(ascii: "t"): bytes.append(0x09)
                case UInt8(ascii: "\\"): bytes.append(0x5C)
                case UInt8(ascii: "x"):
                    let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                    guard digits.count == 2, let value = UInt8(digits, radix: 16) else {
                        throw Failure(description: "\\x wants two hexadecimal digits, not '\(digits)'")
                    }
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                default:
                    throw Failure(description: "an unknown escape in: \(String(decoding: line, as: UTF8.self))")
                }
            }
        }
        return bytes
    }

    package static func text(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x0D: text += "\\r"
            case 0x0A: text += "\\n\n"
            case 0x09: text += "\\t"
            case 0x5C: text += "\\\\"
            // A line of the corpus that begins with it would be a comment.
            case 0x23 where text.isEmpty || text.last == "\n": text += "\\x23"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
