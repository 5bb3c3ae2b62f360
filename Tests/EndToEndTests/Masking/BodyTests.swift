import FoundationEssentials
import Testing

/// `mask.body`, with the built gateway. The service is at a socket, and would be at `127.0.0.1:9` too.
@Suite("A body that is rewritten")
struct BodyTests {
    private static let json = #"{"self":"http://127.0.0.1:9/v1/oslo"}"#
    private static let rewritten = #"{"self":"http://postern.test/masked/oslo"}"#

    private func fixture() throws -> GatewayFixture {
        let fixture = try GatewayFixture()
        try fixture.write(
            "services/main.yaml", "instances: [unix:main.sock, 'http://127.0.0.1:9']\nmask: {body: true}\n")
        try fixture.write("routes/masked/[...path].yaml", "service: main\npath: /v1/{path...}\ntimeout: 20s\n")
        return fixture
    }

    /// What a client gets of an answer with these fields.
    private func answer(
        _ fields: [String], _ body: [UInt8], status: String = "200 OK", method: String = "GET", asks: [String] = []
    ) throws -> (answer: Message, request: Message) {
        let fixture = try fixture()
        let service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            let head = ["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.count)", "", ""]
            stream.send(Array(head.joined(separator: "\r\n").utf8) + (method == "HEAD" ? [] : body))
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let answer = try gateway.request(method, "/masked/oslo", fields: asks)
        return (answer, try #require(service.record.value.requests.last))
    }

    @Test("The service is asked for all of it, uncompressed; what was true of its bytes only is not passed on")
    func fields() throws {
        let (answer, request) = try answer(
            [
                "Content-Type: application/json", "Content-Digest: sha-256=:AAAA:", "Digest: x=y", "Content-MD5: x",
                "Repr-Digest: sha-256=:AAAA:", "Accept-Ranges: bytes", #"ETag: "v1""#, "Cache-Control: no-transform",
            ], Array(Self.json.utf8),
            asks: ["Accept-Encoding: gzip, br", "Range: bytes=0-9", #"If-Range: "v1""#])
        #expect(answer.status == 200)
        #expect(answer.text == Self.rewritten)
        #expect(answer["Transfer-Encoding"] == ["chunked"])
        for name in ["Content-Length", "Content-Digest", "Digest", "Repr-Digest", "Content-MD5"] {
            #expect(answer[name].isEmpty)
        }
        #expect(answer["Accept-Ranges"] == ["none"])
        #expect(answer["ETag"].first?.wholeMatch(of: /"v1~[0-9a-f]{8}"/) != nil)
        #expect(request["Accept-Encoding"] == ["identity"])
        #expect(request["Range"].isEmpty && request["If-Range"].isEmpty)
    }

    @Test("A type that is no text passes to the byte, with its length")
    func binary() throws {
        let bytes = Array(Self.json.utf8) + [0, 255, 254]
        let (answer, _) = try answer(["Content-Type: image/png", "Content-Digest: sha-256=:AAAA:"], bytes)
        #expect(answer.body == bytes)
        #expect(answer["Content-Length"] == ["\(bytes.count)"])
        #expect(answer["Content-Digest"] == ["sha-256=:AAAA:"])
    }

    @Test("HEAD tells no length that GET would not have")
    func head() throws {
        let (answer, _) = try answer(
            ["Content-Type: text/html", "Content-Encoding: gzip"], Array(Self.json.utf8), method: "HEAD")
        #expect(answer.status == 200)
        #expect(answer["Content-Length"].isEmpty && answer["Content-Encoding"].isEmpty)
    }

    @Test(
        "What comes compressed all the same is inflated",
        arguments: [
            ("gzip", "H4sIAAAAAAACA6tWKk7NSVOyUsooKSmw0tc3NDLXMwBCQytL/TJD/fzinHylWgAnPly3JQAAAA=="),
            ("deflate", "eJyrVipOzUlTslLKKCkpsNLXNzQy1zMAQkMrS/0yQ/384px8pVoAzPwKpw=="),
            ("deflate", "q1YqTs1JU7JSyigpKbDS1zc0MtczAEJDK0v9MkP9/OKcfKVaAA=="),
        ])
    func compressed(_ coding: String, _ text: String) throws {
        let bytes = Array(try #require(Data(base64Encoded: text)))
        let (answer, _) = try answer(["Content-Type: application/json", "Content-Encoding: \(coding)"], bytes)
        #expect(answer.text == Self.rewritten)
        #expect(answer["Content-Encoding"].isEmpty)
    }

    @Test(
        "What cannot be rewritten is 502",
        arguments: [
            ["Content-Type: text/html", "Content-Encoding: br"], ["Content-Type: text/html; charset=utf-16"],
            ["Content-Type: text/html", "Content-Encoding: gzip, gzip"],
            ["Content-Type: text/html", "Content-Encoding: gzip", "Content-Encoding: gzip"],
        ])
    func refused(_ fields: [String]) throws {
        try answer(fields, Array("x".utf8)).answer.expect(502, error: "Bad gateway")
    }

    @Test("A part of a body that nobody asked a part of is 502")
    func partial() throws {
        try answer(
            ["Content-Type: text/html", "Content-Range: bytes 0-0/9"], Array("x".utf8), status: "206 Partial Content"
        ).answer.expect(502, error: "Bad gateway")
    }

    @Test("A tag that the client shows again is the service's own; with another mark it is not known")
    func revalidation() throws {
        let fixture = try fixture()
        let service = try ScriptedService(fixture.mainSocket) { request in
            request["If-None-Match"] == [#""v1""#]
                ? "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"
                : Answer.ok(Self.json, [#"ETag: "v1""#])
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let first = try gateway.request("GET", "/masked/oslo")
        let tag = try #require(first["ETag"].first)
        #expect(first.text == Self.rewritten)
        let again = try gateway.request("GET", "/masked/oslo", fields: ["If-None-Match: \(tag)"])
        #expect(again.status == 304)
        #expect(again["ETag"] == [tag])
        let other = try gateway.request("GET", "/masked/oslo", fields: [#"If-None-Match: "v1~00000000x""#])
        #expect(other.status == 200)
    }

    @Test("A service that sends byte by byte is rewritten as one that sends all at once")
    func byteByByte() throws {
        let fixture = try fixture()
        let service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            for byte in Self.json.utf8 { stream.send(Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8)) }
            stream.send("0\r\nX-Sum: 1\r\n\r\n")
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let answer = try gateway.request("GET", "/masked/oslo", fields: ["TE: trailers", "Connection: TE"])
        #expect(answer.text == Self.rewritten)
        #expect(answer.trailers.isEmpty)
    }

    @Test("An event leaves at once: the service sends the next when the client has read the one before")
    func events() throws {
        let fixture = try fixture()
        let seen = Monitor(0)
        let service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for number in 1...5 {
                stream.send("data: \(number) http://127.0.0.1:9/v1/x\n\n")
                guard seen.wait(for: { $0 >= number ? true : nil }) != nil else { return }
            }
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("GET /masked/events HTTP/1.1\r\nHost: postern.test\r\n\r\n")
        _ = try client.head()
        var text = String(decoding: client.take(client.input.count), as: UTF8.self)
        for number in 1...5 {
            while !text.contains("data: \(number) http://postern.test/masked/x\n\n") {
                try #require(client.fill(), "event \(number) did not come")
                text += String(decoding: client.take(client.input.count), as: UTF8.self)
            }
            seen.change { $0 = number }
        }
    }

    @Test("A compressed body that is cut, or that hides UTF-16, is broken off")
    func brokenOff() throws {
        let whole = Array(
            try #require(
                Data(base64Encoded: "H4sIAAAAAAACA6tWKk7NSVOyUsooKSmw0tc3NDLXMwBCQytL/TJD/fzinHylWgAnPly3JQAAAA==")))
        for (fields, body) in [
            (["Content-Type: text/html", "Content-Encoding: gzip"], Array(whole.dropLast(12))),
            (["Content-Type: text/html"], [0xFF, 0xFE, 0x61, 0x00]),
        ] {
            #expect(throws: MessageError.self) { try self.answer(fields, body) }
        }
    }
}
