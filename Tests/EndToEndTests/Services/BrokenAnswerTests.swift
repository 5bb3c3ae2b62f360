import CLinux
import Testing

@Suite("Services that break off or answer nonsense")
struct BrokenAnswerTests {
    /// A gateway before a service that says `said` to every request and closes.
    private func gateway(
        saying said: Raw, _ body: (RunningGateway, ScriptedService) throws -> Void
    ) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            if service.read(stream) != nil { stream.send(said.text) }
        }
        defer { main.stop() }
        try body(try fixture.start(), main)
    }

    private static let truncated: [Raw] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n",
    ]

    @Test("Dying in the middle of an answer: no client of HTTP/1.1 takes it for whole", arguments: truncated)
    func cutShort(_ said: Raw) throws {
        try gateway(saying: said) { gateway, main in
            let client = try gateway.connect()
            client.send(Client.bytes("GET", "/slow/x"))
            let error = #expect(throws: MessageError.self) { try client.response() }
            guard case .incomplete(let end) = error else {
                Issue.record("the answer should be broken off: \(String(describing: error))")
                return
            }
            #expect(end != .silent)
            #expect(main.record.value.requests.count == 1)
        }
    }

    @Test("Dying in the middle of an answer: no client of HTTP/1.0 takes it for whole", arguments: truncated)
    func cutShortForHTTP10(_ said: Raw) throws {
        try gateway(saying: said) { gateway, _ in
            let client = try gateway.connect()
            client.send("GET /slow/x HTTP/1.0\r\nHost: postern.test\r\n\r\n")
            // Without a length the end of the connection is the body's end: only a reset tells that it was cut.
            #expect(throws: MessageError.self) { try client.response() }
            #expect(client.end == .reset || client.end == .closed && said.text.contains("Content-Length"))
        }
    }

    @Test("A chunked answer reaches a client of HTTP/1.0 whole, without chunks, and the connection closes")
    func wholeForHTTP10() throws {
        let said: Raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n"
        try gateway(saying: said) { gateway, _ in
            let client = try gateway.connect()
            client.send("GET /slow/x HTTP/1.0\r\nHost: postern.test\r\n\r\n")
            let message = try client.response()
            #expect(message.text == "12345678")
            #expect(message["Transfer-Encoding"].isEmpty && message["Connection"] == ["close"])
            #expect(client.end == .closed)
        }
    }

    @Test("An answer that ends with the service's connection is whole in chunks")
    func untilClose() throws {
        try gateway(saying: "HTTP/1.1 200 OK\r\n\r\n12345") { gateway, _ in
            let message = try gateway.request("GET", "/slow/x")
            #expect(message.text == "12345")
            #expect(message["Transfer-Encoding"] == ["chunked"])
        }
    }

    @Test("Stopping in the middle of an answer breaks it off when the route's timeout has passed")
    func stalled() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
            _ = stream.everything()
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/open/x"))
        #expect(try client.head().status == 200)
        #expect(client.everything() == Array("12345".utf8))
        #expect(client.end == .reset || client.end == .closed)
    }

    @Test(
        "Closing without a word is 502, with the words of nobody",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", "HTTP/1.1 200 OK\r\nX: /run/secret.sock"] as [Raw])
    func closed(_ said: Raw) throws {
        try gateway(saying: said) { gateway, main in
            for method in ["GET", "POST"] {
                let message = try gateway.request(method, "/slow/x", body: method == "POST" ? "body" : nil)
                message.expect(502, error: "Bad gateway")
                #expect(!String(decoding: message.raw, as: UTF8.self).contains(".sock"))
            }
            // One that dropped a GET without a byte may have been ended in the middle of it: it is asked once more.
            let isSilent = said.text.isEmpty
            #expect(main.record.value.requests.map(\.method) == (isSilent ? ["GET", "GET", "POST"] : ["GET", "POST"]))
        }
    }

    @Test(
        "An answer that is nonsense or could be read in two ways is 502",
        arguments: [
            "hello\r\n\r\n", "\r\n\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/2.0 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: 1\r\n folded\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : 1\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA: 1\u{0}2\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA: 1\r2\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
            Raw("HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 70_000) + "\r\nContent-Length: 0\r\n\r\n"),
            Raw("HTTP/1.1 200 OK\r\n" + String(repeating: "A: x\r\n", count: 2000) + "Content-Length: 0\r\n\r\n"),
        ] as [Raw])
    func nonsense(_ said: Raw) throws {
        try gateway(saying: said) { gateway, _ in
            try gateway.request("GET", "/slow/x").expect(502, error: "Bad gateway")
        }
    }

    @Test(
        "A chunk that is malformed breaks the answer off",
        arguments: ["0x2\r\nhi\r\n0\r\n\r\n", "2;a=b\r\nhi\r\n0\r\n\r\n", "2\r\nhi!\r\n0\r\n\r\n", "-1\r\n", "\r\n"]
            as [Raw])
    func malformedChunk(_ chunk: Raw) throws {
        let said = Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n\(chunk.text)")
        try gateway(saying: said) { gateway, _ in
            let client = try gateway.connect()
            client.send(Client.bytes("GET", "/slow/x"))
            #expect(throws: MessageError.self) { try client.response() }
            #expect(client.end != .silent)
        }
    }

    @Test("What follows a whole answer reaches nobody, and the connection is used no more")
    func excess() throws {
        let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while service.read(stream) != nil { stream.send(Answer.ok("good") + evil) }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for _ in 1...5 { #expect(try client.request("GET", "/slow/x").text == "good") }
        #expect(main.record.value.connections == 5)
    }

    @Test("A large answer reaches a slow client byte for byte, with a length and in chunks", arguments: [true, false])
    func large(_ hasLength: Bool) throws {
        let piece = (0..<64).map { "line \($0) of a large answer that is longer than any buffer\n" }.joined()
        let count = 2000
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            let size = String(piece.utf8.count, radix: 16)
            stream.send(
                hasLength
                    ? "HTTP/1.1 200 OK\r\nContent-Length: \(piece.utf8.count * count)\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<count where !stream.send(hasLength ? piece : "\(size)\r\n\(piece)\r\n") { return }
            if !hasLength { stream.send("0\r\n\r\n") }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x"))
        let head = try client.head()
        #expect(head["Content-Length"] == (hasLength ? ["\(piece.utf8.count * count)"] : []))
        let bytes = client.content(piece.utf8.count * count, chunked: !hasLength)
        #expect(bytes.elementsEqual((0..<count).lazy.flatMap { _ in piece.utf8 }))
    }
}
