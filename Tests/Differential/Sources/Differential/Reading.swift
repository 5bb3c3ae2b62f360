/// What a parser made of a stream of request bytes: the messages in their order, and how it ended.
package struct Reading: Sendable, Equatable {
    /// One request as it was understood. Everything is bytes: nothing is decoded on the way to the comparison.
    package struct Message: Sendable, Equatable {
        package var method: [UInt8]
        package var target: [UInt8]
        /// `1.0` or `1.1`.
        package var version: String
        /// In the order of arrival, values without the white space around them (RFC 9110 section 5.5).
        package var fields: [Field]
        /// The content, with the framing taken off; what has arrived of it where `isComplete` is false.
        package var body: [UInt8]
        /// Whether the end of the message has been seen.
        package var isComplete: Bool
        /// Where the request line begins in the stream; nil where the parser does not tell.
        package var start: Int?

        package init(
            method: [UInt8], target: [UInt8], version: String, fields: [Field] = [], body: [UInt8] = [],
            isComplete: Bool = true, start: Int? = nil
        ) {
            self.method = method
            self.target = target
            self.version = version
            self.fields = fields
            self.body = body
            self.isComplete = isComplete
            self.start = start
        }
    }

    package struct Field: Sendable, Equatable {
        package var name: [UInt8]
        package var value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    package enum Ending: Sendable, Equatable {
        /// Every byte belongs to a message that has ended.
        case complete
        /// More bytes are wanted.
        case incomplete
        /// The last message ends the connection, or hands it to another protocol: what follows was not looked at.
        case closed
        /// The stream was refused at the first message that is not in `messages`, or in the body of the last one.
        case refused(String)
    }

    package var messages: [Message]
    package var ending: Ending

    package init(messages: [Message], ending: Ending) {
        self.messages = messages
        self.ending = ending
    }

    package var isRefused: Bool {
        if case .refused = ending { true } else { false }
    }
}

extension Reading.Message {
    /// Whether nothing of the same connection may follow this message as HTTP/1 (RFC 9112 section 9.6, RFC 9110
    /// sections 7.8 and 9.3.6).
    package var endsConnection: Bool {
        let options = fields.filter { lowercased($0.name) == Array("connection".utf8) }
            .flatMap { $0.value.split(separator: UInt8(ascii: ",")) }
            .map { lowercased(trimmed(Array($0))) }
        if options.contains(Array("close".utf8)) || options.contains(Array("upgrade".utf8)) { return true }
        if method == Array("CONNECT".utf8) { return true }
        return version == "1.0" && !options.contains(Array("keep-alive".utf8))
    }
}

/// ASCII letters in lower case, everything else as it is.
func lowercased(_ bytes: [UInt8]) -> [UInt8] {
    bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
}

/// Without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return [] }
    return Array(bytes[first...last])
}
