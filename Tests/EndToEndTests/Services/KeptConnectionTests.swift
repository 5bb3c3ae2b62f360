import Testing

@Suite("Connections to services that are kept")
struct KeptConnectionTests {
    /// A service whose first connection dies when its second request has come; later ones live.
    private func service(_ fixture: GatewayFixture) throws -> ScriptedService {
        try ScriptedService(fixture.mainSocket) { service, stream, number in
            guard service.read(stream) != nil else { return }
            stream.send(Answer.ok("first of \(number)"))
            while service.read(stream) != nil, number > 1 { stream.send(Answer.ok("more of \(number)")) }
        }
    }

    @Test("They are used again and again")
    func kept() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for number in 0..<20 {
            let isPost = number % 2 == 1
            let answer = try client.request(isPost ? "POST" : "GET", "/slow/x", body: isPost ? "body" : nil)
            #expect(answer.text == "ok")
        }
        #expect(main.record.value.requests.count == 20)
        #expect(main.record.value.connections == 1)
    }

    @Test(
        "An idempotent request is sent again when a kept connection dies under it",
        arguments: ["GET", "HEAD", "DELETE"])
    func retried(_ method: String) throws {
        let fixture = try GatewayFixture()
        let main = try service(fixture)
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        #expect(try client.request("GET", "/slow/1").text == "first of 1")
        let second = try client.request(method, "/slow/2")
        #expect(second.status == 200)
        #expect(method == "HEAD" || second.text == "first of 2")
        let record = main.record.value
        #expect(record.requests.map(\.target) == ["/slow/1", "/slow/2", "/slow/2"])
        #expect(record.connections == 2)
    }

    @Test("A POST is never sent again: it is 502, and the service saw it once", arguments: [nil, "", "body"])
    func notRetried(_ body: String?) throws {
        let fixture = try GatewayFixture()
        let main = try service(fixture)
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        #expect(try client.request("GET", "/slow/1").text == "first of 1")
        try client.request("POST", "/slow/2", body: body).expect(502, error: "Bad gateway")
        #expect(main.record.value.requests.map(\.target) == ["/slow/1", "/slow/2"])
    }

    @Test("A request is not sent again when the answer to it had begun")
    func notRetriedAfterBytes() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send(Answer.ok("first"))
            if service.read(stream) != nil { stream.send("HTTP/1.1 200 O") }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        #expect(try client.request("GET", "/slow/1").text == "first")
        try client.request("GET", "/slow/2").expect(502, error: "Bad gateway")
        #expect(main.record.value.requests.map(\.target) == ["/slow/1", "/slow/2"])
    }

    @Test("A connection on which the service says close is not kept")
    func toldToClose() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while service.read(stream) != nil { stream.send(Answer.ok("ok", ["Connection: close"])) }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for _ in 1...3 {
            let answer = try client.request("POST", "/slow/x", body: "x")
            #expect(answer.text == "ok")
            #expect(answer["Connection"].isEmpty)
        }
        #expect(main.record.value.connections == 3)
    }

    @Test("A request whose answer comes before its body was read leaves no connection behind for another")
    func earlyAnswer() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, number in
            while true {
                guard let head = try? stream.head() else { return }
                service.record.change { $0.requests.append(head) }
                stream.send(Answer.whole("403 Forbidden", "early \(number)"))
            }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        // The rest of the body would be read as a request by whoever took it for one.
        client.send("POST /slow/1 HTTP/1.1\r\nHost: postern.test\r\nContent-Length: 100\r\n\r\nabc")
        #expect(try client.response().text == "early 1")
        client.send("GET /slow/smuggled HTTP/1.1\r\nHost: postern.test\r\n\r\n")
        _ = client.everything()
        #expect(try gateway.request("GET", "/slow/2").text == "early 2")
        #expect(main.record.value.requests.map(\.target) == ["/slow/1", "/slow/2"])
    }

    @Test("An idempotent request that one instance drops without a word goes to another; a POST does not")
    func otherInstance() throws {
        let fixture = try GatewayFixture()
        try fixture.write("services/main.yaml", "instances: [unix:main.sock, unix:bad.sock]\neject: off\n")
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        let bad = try ScriptedService("\(fixture.runFolder)/bad.sock") { service, stream, _ in
            _ = service.read(stream)
        }
        defer {
            main.stop()
            bad.stop()
        }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for _ in 1...20 { #expect(try client.request("GET", "/slow/x").text == "ok") }
        #expect(main.record.value.requests.count == 20)
        #expect(!bad.record.value.requests.isEmpty)
        let before = bad.record.value.requests.count
        let statuses = try (1...20).map { _ in try client.request("POST", "/slow/x", body: "x").status }
        let dropped = statuses.filter { $0 == 502 }.count
        #expect(dropped > 0 && dropped + statuses.filter { $0 == 200 }.count == 20)
        #expect(bad.record.value.requests.count - before == dropped)
        #expect(main.record.value.requests.count == 40 - dropped)
    }
}
