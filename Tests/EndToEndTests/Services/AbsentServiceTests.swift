import Testing

@Suite("Services that are absent, slow or broken: the auth service")
struct AuthServiceFaultTests {
    private let fixture: GatewayFixture
    private let main: ScriptedService

    init() throws {
        fixture = try GatewayFixture()
        main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
    }

    private static let credentials = ["Authorization: Bearer a.b.c"]

    private func expectUnavailable(_ message: Message, sourceLocation: SourceLocation = #_sourceLocation) {
        message.expect(503, error: "Service unavailable", sourceLocation: sourceLocation)
        #expect(message["Retry-After"].count == 1, sourceLocation: sourceLocation)
        #expect(message["WWW-Authenticate"].isEmpty, sourceLocation: sourceLocation)
    }

    @Test("Absent: protected routes are 503 with Retry-After, open ones go on; once it is there, all is well")
    func absent() throws {
        defer { main.stop() }
        let gateway = try fixture.start()
        expectUnavailable(try gateway.request("GET", "/members/x", fields: Self.credentials))
        try gateway.request("GET", "/members/x").expect(401, error: "The authorization header is required")
        #expect(try gateway.request("GET", "/open/x", fields: Self.credentials).text == "main")
        #expect(main.record.value.requests.map(\.target) == ["/open/x"])
        let auth = try ScriptedService(fixture.verifySocket) { _ in Answer.verdict(user: "1") }
        defer { auth.stop() }
        #expect(try gateway.request("GET", "/members/x", fields: Self.credentials).text == "main")
        #expect(main.record.value.requests.map(\.target) == ["/open/x", "/members/x"])
    }

    @Test(
        "An answer that is no verdict is 503, and the request goes nowhere",
        arguments: [
            Raw(Answer.whole("500 Internal Server Error", "{}")), Raw(Answer.whole("204 No Content", "")),
            Raw(Answer.whole("302 Found", "", ["Location: /login"])), "nonsense\r\n\r\n", "HTTP/1.1 200\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nPostern-User: 1\r\n",
            "HTTP/1.1 200 OK\r\nPostern-User: 1\r\nContent-Length: 9\r\n\r\n1",
        ] as [Raw])
    func noVerdict(_ answer: Raw) throws {
        defer { main.stop() }
        // Says this, and nothing more.
        let auth = try ScriptedService(fixture.verifySocket) { service, stream, _ in
            if service.read(stream) != nil { stream.send(answer.text) }
        }
        defer { auth.stop() }
        let gateway = try fixture.start()
        expectUnavailable(try gateway.request("GET", "/members/x", fields: Self.credentials))
        #expect(main.record.value.requests.isEmpty)
    }

    @Test("Silent: 503 after its time, and open routes do not wait for it")
    func silent() throws {
        defer { main.stop() }
        let auth = try ScriptedService(fixture.verifySocket) { _, stream, _ in _ = stream.everything() }
        defer { auth.stop() }
        let gateway = try fixture.start()
        let waiting = try gateway.connect()
        let (_, time) = try timed {
            waiting.send(Client.bytes("GET", "/members/x", fields: Self.credentials))
            #expect(try gateway.request("GET", "/open/x").text == "main")
            #expect(waiting.input.isEmpty)
            expectUnavailable(try waiting.response())
        }
        #expect(time > .milliseconds(500) && time < .seconds(15))
        #expect(main.record.value.requests.map(\.target) == ["/open/x"])
    }

    @Test("A refusal passes with its status, challenge and Retry-After, and none of its words")
    func refusals() throws {
        defer { main.stop() }
        let auth = try ScriptedService(fixture.verifySocket) { request in
            let isFlood = request["Authorization"] == ["Bearer flood"]
            return isFlood
                ? Answer.whole("429 Slow Down", "inside", ["Retry-After: 7", "Postern-User: 1"])
                : Answer.whole(
                    "403 No", "inside", ["WWW-Authenticate: Bearer error=\"insufficient_scope\"", "X-In: 1"])
        }
        defer { auth.stop() }
        let gateway = try fixture.start()
        let forbidden = try gateway.request("GET", "/members/x", fields: Self.credentials)
        forbidden.expect(403, error: "Forbidden")
        #expect(forbidden["WWW-Authenticate"] == ["Bearer error=\"insufficient_scope\""])
        #expect(forbidden["X-In"].isEmpty)
        let flood = try gateway.request("GET", "/members/x", fields: ["Authorization: Bearer flood"])
        flood.expect(429, error: "Too many requests")
        #expect(flood["Retry-After"] == ["7"])
        #expect(flood["Postern-User"].isEmpty)
        #expect(main.record.value.requests.isEmpty)
    }

    @Test("The question carries the token and no body, and is asked once for as long as the verdict holds")
    func question() throws {
        defer { main.stop() }
        let auth = try ScriptedService(fixture.verifySocket) { request in
            Answer.verdict(user: "1", age: request["Authorization"] == ["Bearer kept"] ? 60 : 0)
        }
        defer { auth.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for _ in 1...3 {
            #expect(
                try client.request("POST", "/members/x", fields: ["Authorization: Bearer kept"], body: "body").status
                    == 200)
        }
        for _ in 1...2 {
            #expect(try client.request("GET", "/members/x", fields: ["Authorization: Bearer once"]).status == 200)
        }
        // Each loop asks for the stream of revocations too, which this service has not.
        let asked = auth.record.value.requests.filter { $0.target != "/revocations" }
        #expect(asked.flatMap { $0["Authorization"] } == ["Bearer kept", "Bearer once", "Bearer once"])
        for question in asked {
            #expect(question.start == "GET /verify HTTP/1.1")
            #expect(question["Content-Length"].isEmpty && question["Transfer-Encoding"].isEmpty)
        }
    }
}

@Suite("Services that are absent, slow or broken: the service behind a route")
struct AbsentServiceTests {
    @Test("Absent: 503 with Retry-After; once it is there, it gets requests")
    func absent() throws {
        let fixture = try GatewayFixture()
        let gateway = try fixture.start()
        for method in ["GET", "POST"] {
            let message = try gateway.request(method, "/open/x", body: method == "POST" ? "body" : nil)
            message.expect(503, error: "Service unavailable")
            #expect(message["Retry-After"].count == 1)
        }
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("there") }
        defer { main.stop() }
        #expect(try gateway.request("GET", "/open/x").text == "there")
    }

    @Test("A service whose folder of sockets is empty is 503, and gets requests once a socket appears")
    func discovered() throws {
        let fixture = try GatewayFixture()
        try fixture.folder.makeFolder("run/many")
        try fixture.write("services/many.yaml", "instances: unix:many/*.sock\n")
        try fixture.write("routes/many.yaml", "service: many\n")
        let gateway = try fixture.start()
        try gateway.request("GET", "/many").expect(503, error: "Service unavailable")
        let instance = try ScriptedService("\(fixture.runFolder)/many/1.sock") { _ in Answer.ok("found") }
        defer { instance.stop() }
        try gateway.program.line { $0.contains("instances changed added=1") }
        #expect(try gateway.request("GET", "/many").text == "found")
    }

    @Test(
        "Silent: 504 when the route's timeout has passed, not before, not much later",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n"] as [Raw])
    func silent(_ said: Raw) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send(said.text)
            _ = stream.everything()
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        for method in ["GET", "POST"] {
            let (message, time) = try timed {
                try gateway.request(method, "/open/x", body: method == "POST" ? "body" : nil)
            }
            message.expect(504, error: "Gateway timeout")
            #expect(time >= .milliseconds(500) && time < .seconds(10), "\(time)")
        }
        // Nobody was asked twice.
        #expect(main.record.value.requests.map(\.method) == ["GET", "POST"])
    }

    @Test("Silent before it has read the request: 504 too")
    func neverReads() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            _ = service.record.wait(.patience) { $0.requests.isEmpty ? nil : true }
            _ = stream.descriptor
        }
        defer {
            main.record.change { $0.requests.append(Message()) }
            main.stop()
        }
        let gateway = try fixture.start()
        let (message, time) = try timed { try gateway.request("GET", "/open/x") }
        message.expect(504, error: "Gateway timeout")
        #expect(time >= .milliseconds(500) && time < .seconds(10), "\(time)")
    }
}
