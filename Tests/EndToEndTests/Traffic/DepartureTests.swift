import Testing

@Suite("Clients that leave, and clients that have only said all")
struct DepartureTests {
    /// A service that answers nothing, or `beginning`, and tells when it is left.
    private func service(
        _ fixture: GatewayFixture, beginning: String = "", left: Monitor<Int>
    ) throws -> ScriptedService {
        try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send(beginning)
            _ = stream.everything()
            if stream.end != .silent { left.change { $0 += 1 } }
        }
    }

    @Test("A client that leaves while its answer is awaited frees its service in a moment")
    func awaited() throws {
        let fixture = try GatewayFixture()
        let left = Monitor(0)
        let main = try service(fixture, left: left)
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/poll"))
        try #require(main.record.wait { $0.requests.count == 1 ? true : nil } == true)
        client.close()
        let (isLeft, time) = timed { left.wait { $0 == 1 ? true : nil } }
        #expect(isLeft == true)
        // The route's own time is 20 s.
        #expect(time < .seconds(15))
    }

    @Test(
        "A client that leaves by a reset frees its service, also in the middle of an answer", arguments: [true, false])
    func reset(begun: Bool) throws {
        let fixture = try GatewayFixture()
        let left = Monitor(0)
        let beginning = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        let main = try service(fixture, beginning: begun ? beginning : "", left: left)
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/poll"))
        if begun { _ = try client.head() }
        try #require(main.record.wait { $0.requests.count == 1 ? true : nil } == true)
        client.reset()
        let (isLeft, time) = timed { left.wait { $0 == 1 ? true : nil } }
        #expect(isLeft == true)
        #expect(time < .seconds(15))
    }

    @Test("A client that leaves an event stream frees its service with the next event")
    func eventStream() throws {
        let fixture = try GatewayFixture()
        let left = Monitor(0)
        let closed = Monitor(false)
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            guard closed.wait(for: { $0 ? true : nil }) != nil else { return }
            stream.setPatience(.milliseconds(100))
            // The first event finds the client gone; a later one finds the gateway's connection closed.
            let deadline = Deadline(in: .patience)
            while !deadline.hasPassed, stream.send("3\r\nabc\r\n") {}
            left.change { $0 += 1 }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/events"))
        _ = try client.head()
        client.close()
        closed.change { $0 = true }
        let (isLeft, time) = timed { left.wait { $0 == 1 ? true : nil } }
        #expect(isLeft == true)
        #expect(time < .seconds(15))
    }

    @Test("A client that has said all and says so is answered, however long that takes", arguments: ["1.1", "1.0"])
    func halfClosed(_ version: String) throws {
        let fixture = try GatewayFixture()
        let answering = Monitor(false)
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            guard answering.wait(for: { $0 ? true : nil }) != nil else { return }
            stream.send(Answer.ok("late"))
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("POST /slow/x HTTP/\(version)\r\nHost: postern.test\r\nContent-Length: 2\r\n\r\nhi")
        client.finishSending()
        // HTTP/1.1 is asked whether it is still there; the older version cannot be.
        if version == "1.1" { #expect(try client.head().start == "HTTP/1.1 100 Continue") }
        answering.change { $0 = true }
        let answer = try client.response()
        #expect(answer.text == "late")
        #expect(client.everything().isEmpty)
        #expect(client.end == .closed)
    }
}
