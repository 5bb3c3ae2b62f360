import Testing

/// A client's connection to a gateway.
struct Client: ~Copyable {
    let stream: SocketStream

    init(port: UInt16) throws {
        stream = try SocketStream.connect(port: port)
    }

    /// Sends a request and reads its response.
    func request(
        _ method: String = "GET", _ target: String, fields: [String] = [], body: String? = nil
    ) throws -> Message {
        stream.send(Self.bytes(method, target, fields: fields, body: body.map { Array($0.utf8) }))
        return try stream.response(to: method)
    }

    /// A request of HTTP/1.1. `fields` are whole lines.
    static func bytes(_ method: String, _ target: String, fields: [String] = [], body: [UInt8]? = nil) -> [UInt8] {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: postern.test"] + fields
        if let body { lines.append("Content-Length: \(body.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
    }

    /// One request on a connection of its own.
    static func request(
        port: UInt16, _ method: String = "GET", _ target: String, fields: [String] = [], body: String? = nil
    ) throws -> Message {
        try Client(port: port).request(method, target, fields: fields, body: body)
    }
}

extension Message {
    /// Expects an answer in JSON, to the byte.
    func expect(_ status: Int, _ body: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.status == status, sourceLocation: sourceLocation)
        #expect(text == body, sourceLocation: sourceLocation)
        #expect(self["Content-Type"] == ["application/json; charset=utf-8"], sourceLocation: sourceLocation)
        #expect(self["Content-Length"] == ["\(body.utf8.count)"], sourceLocation: sourceLocation)
    }

    /// Expects `{"error":"…"}`.
    func expect(_ status: Int, error: String, sourceLocation: SourceLocation = #_sourceLocation) {
        expect(status, #"{"error":"\#(error)"}"#, sourceLocation: sourceLocation)
    }
}
