import Testing

@Suite("Every kind of message of HTTP/1.0 and HTTP/1.1 passes")
struct MessageTests {
    /// A gateway before a service that answers by the target's last part.
    private func serve(
        _ answers: [String: String], _ body: (RunningGateway, ScriptedService) throws -> Void
    ) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { request in
            answers[request.target.split(separator: "/").last.map(String.init) ?? ""]
        }
        defer { main.stop() }
        try body(try fixture.start(), main)
    }

    @Test("HTTP/1.0: closed after its answer, or kept where it asks for that")
    func http10() throws {
        try serve(["x": Answer.ok("x")]) { gateway, main in
            let once = try gateway.connect()
            once.send("GET /slow/x HTTP/1.0\r\n\r\n")
            #expect(try once.response()["Connection"] == ["close"])
            #expect(once.everything().isEmpty && once.end == .closed)
            let kept = try gateway.connect()
            for _ in 1...3 {
                kept.send("GET /slow/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                let answer = try kept.response()
                #expect(answer.text == "x" && answer["Connection"] == ["keep-alive"])
            }
            #expect(main.record.value.requests.allSatisfy { $0.start == "GET /slow/x HTTP/1.1" })
        }
    }

    @Test("HEAD has the head of GET and no content, and the connection goes on")
    func head() throws {
        try serve(["x": "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX-A: b\r\n\r\n"]) { gateway, main in
            let client = try Client(port: gateway.port)
            for _ in 1...3 {
                let answer = try client.request("HEAD", "/slow/x")
                #expect(answer["Content-Length"] == ["1234"] && answer["X-A"] == ["b"] && answer.body.isEmpty)
            }
            #expect(main.record.value.connections == 1)
        }
    }

    @Test("204 and 304 have no content and no length, and the connection goes on")
    func bodyless() throws {
        let answers = ["204": "HTTP/1.1 204 X\r\n\r\n", "304": "HTTP/1.1 304 X\r\nETag: \"a\"\r\n\r\n"]
        try serve(answers) { gateway, main in
            let client = try Client(port: gateway.port)
            for _ in 1...2 {
                let none = try client.request("DELETE", "/slow/204")
                #expect(none.start == "HTTP/1.1 204 No Content" && none["Content-Length"].isEmpty)
                let same = try client.request("GET", "/slow/304")
                #expect(same.start == "HTTP/1.1 304 Not Modified" && same["ETag"] == ["\"a\""])
            }
            #expect(main.record.value.connections == 1)
        }
    }

    @Test("103 reaches the client before the service has made its answer")
    func earlyHints() throws {
        let fixture = try GatewayFixture()
        let seen = Monitor(false)
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nServer: x\r\n\r\n")
            guard seen.wait(for: { $0 ? true : nil }) != nil else { return }
            stream.send(Answer.ok("late"))
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x"))
        let hints = try client.head()
        #expect(hints.start == "HTTP/1.1 103 Early Hints" && hints.fields.map(\.name) == ["Link"])
        seen.change { $0 = true }
        #expect(try client.response().text == "late")
    }

    @Test("100-continue goes from end to end: the service says when the body may come")
    func expectContinue() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _, stream, _ in
            guard let head = try? stream.head(), head["Expect"] == ["100-continue"], stream.input.isEmpty else {
                return
            }
            stream.send("HTTP/1.1 100 Continue\r\n\r\n")
            stream.send(Answer.ok(String(decoding: stream.content(4, chunked: false), as: UTF8.self)))
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("POST /slow/x HTTP/1.1\r\nHost: postern.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        #expect(try client.head().start == "HTTP/1.1 100 Continue")
        client.send("body")
        #expect(try client.response().text == "body")
    }

    @Test("Chunks and trailers pass both ways")
    func chunks() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard let request = service.read(stream) else { return }
            stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            stream.send("\(String(request.body.count, radix: 16))\r\n\(request.text)\r\n0\r\nX-Sum: 2\r\n\r\n")
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        let fields = ["TE: trailers", "Connection: TE", "Transfer-Encoding: chunked"]
        client.send(Client.bytes("POST", "/slow/x", fields: fields))
        for piece in ["3\r\nabc\r\n", "A\r\n0123456789\r\n", "0\r\nX-Digest: 1\r\n\r\n"] { client.send(piece) }
        let answer = try client.response()
        #expect(answer.text == "abc0123456789")
        #expect(answer.trailers == ["X-Sum: 2"])
        #expect(main.record.value.requests.first?.trailers == ["X-Digest: 1"])
    }

    @Test("An answer that comes before the body has ended passes at once, and the connection closes")
    func earlyAnswer() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _, stream, _ in
            guard (try? stream.head()) != nil else { return }
            stream.send(Answer.whole("401 X", "no"))
            _ = stream.everything()
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("POST /slow/x HTTP/1.1\r\nHost: postern.test\r\nContent-Length: 1000000\r\n\r\nabc")
        let answer = try client.response()
        #expect(answer.status == 401 && answer.text == "no" && answer["Connection"] == ["close"])
    }

    @Test("A WebSocket's bytes pass both ways, and the end of either side")
    func webSocket() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nhello")
            while stream.input.isEmpty, stream.fill() { stream.send(stream.take(stream.input.count)) }
            stream.send("bye")
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x", fields: ["Connection: upgrade", "Upgrade: websocket"]))
        #expect(try client.head().start == "HTTP/1.1 101 Switching Protocols")
        #expect(client.content(5, chunked: false) == Array("hello".utf8))
        for frame in ["one", "two"] {
            client.send(frame)
            #expect(client.content(3, chunked: false) == Array(frame.utf8))
        }
        client.finishSending()
        #expect(client.everything() == Array("bye".utf8))
        #expect(client.end == .closed)
    }

    @Test("CONNECT is refused, whatever it asks for", arguments: ["postern.test:443", "/slow/x", "127.0.0.1:22"])
    func connect(_ target: String) throws {
        try serve([:]) { gateway, main in
            let client = try gateway.connect()
            client.send("CONNECT \(target) HTTP/1.1\r\nHost: postern.test\r\n\r\nSSH-2.0")
            #expect(try client.response().status == 400)
            #expect(client.everything().isEmpty && client.end == .closed)
            #expect(main.record.value.connections == 0)
        }
    }
}
