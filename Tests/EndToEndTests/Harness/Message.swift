import FoundationEssentials

/// An HTTP/1.1 message as it came, read strictly: whatever is not plainly well-formed is an error.
struct Message: Sendable {
    /// The first line without its end.
    var start = ""
    var fields: [Field] = []
    var body: [UInt8] = []
    /// The lines after the last chunk.
    var trailers: [String] = []
    /// All bytes, framing included.
    var raw: [UInt8] = []

    struct Field: Sendable, Equatable, CustomStringConvertible {
        let name: String
        let value: String
        var description: String { "\(name): \(value)" }
    }

    /// The values of a field, its name compared without case.
    subscript(name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The second word of a status line.
    var status: Int { Int(start.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    /// The first two words of a request line.
    var method: String { start.split(separator: " ").first.map(String.init) ?? "" }
    var target: String { start.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
}

/// Why there is no whole message.
enum MessageError: Error, Equatable {
    /// The connection ended before the first byte.
    case none(SocketStream.End)
    /// The connection ended in the middle.
    case incomplete(SocketStream.End)
    case malformed(String)
}

extension SocketStream {
    /// Reads a response to a request with the method `method`. A body until the connection's end is taken for whole
    /// only after a regular end, and never beside `Content-Length`.
    func response(to method: String = "GET") throws(MessageError) -> Message {
        while true {
            var message = try head()
            guard message.start.wholeMatch(of: /HTTP\/1\.1 [1-5][0-9][0-9] [A-Za-z -]*/) != nil else {
                throw .malformed(message.start)
            }
            if message.status == 100 { continue }
            let isBodyless = method == "HEAD" || message.status == 204 || message.status == 304
            try readBody(&message, isBodyless: isBodyless, mayEndWithConnection: true)
            return message
        }
    }

    /// Reads a request.
    func request() throws(MessageError) -> Message {
        var message = try head()
        guard message.start.wholeMatch(of: /[A-Z-]+ [!-~]+ HTTP\/1\.1/) != nil else { throw .malformed(message.start) }
        try readBody(&message, isBodyless: false, mayEndWithConnection: false)
        return message
    }

    /// Reads a head and nothing after it.
    func head() throws(MessageError) -> Message {
        while input.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let wasEmpty = input.isEmpty
            guard fill() else { throw wasEmpty ? .none(end ?? .silent) : .incomplete(end ?? .silent) }
        }
        guard let range = input.firstRange(of: Array("\r\n\r\n".utf8)) else { throw .malformed("") }
        var message = Message()
        message.raw = take(range.upperBound)
        let text = String(decoding: message.raw.dropLast(4), as: UTF8.self)
        let lines = text.components(separatedBy: "\r\n")
        message.start = lines[0]
        for line in lines.dropFirst() {
            guard let match = line.wholeMatch(of: /([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~\t]*)/) else {
                throw .malformed(line)
            }
            let value = match.2.reversed().drop { $0 == " " || $0 == "\t" }
            message.fields.append(Message.Field(name: String(match.1), value: String(value.reversed())))
        }
        return message
    }

    private func readBody(
        _ message: inout Message, isBodyless: Bool, mayEndWithConnection: Bool
    ) throws(MessageError) {
        let lengths = message["Content-Length"]
        let codings = message["Transfer-Encoding"]
        guard lengths.count + codings.count <= 1 else { throw .malformed("framing: \(lengths) \(codings)") }
        guard !isBodyless else { return }
        if let text = lengths.first {
            guard let length = Int(text), "\(length)" == text else { throw .malformed("Content-Length: \(text)") }
            message.body = try exactly(length, &message)
        } else if let coding = codings.first {
            guard coding == "chunked" else { throw .malformed("Transfer-Encoding: \(coding)") }
            try readChunks(&message)
        } else if mayEndWithConnection {
            message.body = everything()
            message.raw += message.body
            guard end == .closed else { throw .incomplete(end ?? .silent) }
        }
    }

    private func readChunks(_ message: inout Message) throws(MessageError) {
        while true {
            let line = try line(&message)
            guard line.wholeMatch(of: /[0-9a-fA-F]+/) != nil, let size = Int(line, radix: 16) else {
                throw .malformed("chunk: \(line)")
            }
            if size == 0 { break }
            message.body += try exactly(size, &message)
            guard try self.line(&message) == "" else { throw .malformed("after a chunk") }
        }
        while true {
            let line = try line(&message)
            guard !line.isEmpty else { return }
            message.trailers.append(line)
        }
    }

    private func line(_ message: inout Message) throws(MessageError) -> String {
        while input.firstRange(of: [13, 10]) == nil {
            guard fill() else { throw .incomplete(end ?? .silent) }
        }
        guard let range = input.firstRange(of: [13, 10]) else { throw .malformed("") }
        let bytes = take(range.upperBound)
        message.raw += bytes
        return String(decoding: bytes.dropLast(2), as: UTF8.self)
    }

    private func exactly(_ count: Int, _ message: inout Message) throws(MessageError) -> [UInt8] {
        while input.count < count {
            guard fill() else { throw .incomplete(end ?? .silent) }
        }
        let bytes = take(count)
        message.raw += bytes
        return bytes
    }
}

extension SocketStream {
    /// So many bytes of content, as far as they come.
    func content(_ count: Int, chunked: Bool) -> [UInt8] {
        var message = Message()
        if chunked { return (try? readChunks(&message)) != nil ? message.body : [] }
        return (try? exactly(count, &message)) ?? []
    }
}
