/// What the parser made of one stream of request bytes; the words are those of Tests/Differential/README.md.
struct ProbeResult {
    struct Message {
        /// The offset of the request line's first byte in the stream.
        var start: Int
        var method: [UInt8]
        var target: [UInt8]
        /// `1.0` or `1.1`.
        var version: String
        /// In the order of arrival, values without the white space around them.
        var fields: [(name: [UInt8], value: [UInt8])] = []
        /// The content without its framing, as far as it arrived.
        var body: [UInt8] = []
        /// Whether the end of the message was seen.
        var isComplete = false
    }

    enum Ending {
        /// Every byte belongs to a message that has ended.
        case complete
        /// More bytes are wanted.
        case incomplete
        /// The last message ends the connection; what follows was not looked at.
        case closed
        /// Refused, with the status that the client would be sent, and why.
        case refused(status: Int, reason: String)
    }

    var messages: [Message] = []
    var ending: Ending
}

extension ProbeResult {
    /// The answer's line, without its line end.
    var line: [UInt8] {
        var text = "{\"messages\":["
        for (index, message) in messages.enumerated() {
            if index > 0 { text += "," }
            text += "{\"start\":\(message.start),\"method\":\(Self.quoted(message.method))"
            text += ",\"target\":\(Self.quoted(message.target)),\"version\":\"\(message.version)\",\"fields\":["
            text += message.fields.map { "[\(Self.quoted($0.name)),\(Self.quoted($0.value))]" }.joined(separator: ",")
            text += "],\"body\":\(Self.quoted(message.body)),\"complete\":\(message.isComplete)}"
        }
        text += "],\"ending\":"
        switch ending {
        case .complete: text += "\"complete\"}"
        case .incomplete: text += "\"incomplete\"}"
        case .closed: text += "\"closed\"}"
        case .refused(let status, let reason):
            text += "\"refused\",\"status\":\(status),\"reason\":\(Self.quoted(Array(reason.utf8)))}"
        }
        return Array(text.utf8)
    }

    /// A JSON string, in ASCII, of one code point a byte.
    private static func quoted(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var text = "\""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(Unicode.Scalar(byte))
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "\\u00"
                text.unicodeScalars.append(digits[Int(byte >> 4)])
                text.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return text + "\""
    }
}
