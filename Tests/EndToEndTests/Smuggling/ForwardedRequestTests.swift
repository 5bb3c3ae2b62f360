import Testing

/// What arrives at a service is what was judged, written anew.
@Suite("Requests as they arrive at a service")
struct ForwardedRequestTests {
    private let fixture: GatewayFixture
    private let main: ScriptedService
    private let verify: ScriptedService
    private let gateway: RunningGateway

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("routes/maybe/[...path].yaml", "service: main\nauth: optional\n")
        main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        verify = try ScriptedService(fixture.verifySocket) { _ in Answer.verdict(user: "7") }
        gateway = try fixture.start()
    }

    private func stop() {
        main.stop()
        verify.stop()
    }

    /// What arrived, without the fields that the gateway adds to every request.
    private func arrived(_ raw: String) throws -> Message {
        let client = try gateway.connect()
        client.send(raw)
        #expect(try client.response().status == 200)
        var request = try #require(main.record.value.requests.last)
        for name in ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-Id", "Postern-Deadline"] {
            #expect(request[name].count == 1, "\(name)")
            request.fields.removeAll { $0.name == name }
        }
        return request
    }

    @Test("Host, path, query and plain fields arrive as they came")
    func plain() throws {
        defer { stop() }
        let request = try arrived(
            "GET /slow/a%2Fb/c?x=1&y=%20+z HTTP/1.1\r\nHost: Postern.Test:8080\r\nAccept: a/b, c\r\naccept: d\r\n"
                + "X-Any:   spaces  inside \t\r\nCookie: a=1; b=2\r\ntraceparent: 00-1-2-3\r\nEmpty:\r\n\r\n")
        #expect(request.start == "GET /slow/a%2Fb/c?x=1&y=%20+z HTTP/1.1")
        #expect(request["Host"] == ["Postern.Test:8080"])
        #expect(request["Accept"] == ["a/b, c", "d"])
        #expect(request["X-Any"] == ["spaces  inside"])
        #expect(request["Cookie"] == ["a=1; b=2"])
        #expect(request["traceparent"] == ["00-1-2-3"])
        #expect(request["Empty"] == [""])
        #expect(request.fields.count == 7)
    }

    @Test("The forwarding fields are the gateway's own, whatever the client says")
    func forwarding() throws {
        defer { stop() }
        let client = try gateway.connect()
        client.send(
            "GET /slow/x HTTP/1.1\r\nHost: postern.test\r\nX-Forwarded-For: 192.0.2.1\r\nx-forwarded-proto: https\r\n"
                + "X-FORWARDED-HOST: evil.test\r\nX-Forwarded-Port: 1\r\nX-Forwarded-Prefix: /x\r\n"
                + "Forwarded: for=192.0.2.1\r\nX-Real-IP: 192.0.2.1\r\n\r\n")
        #expect(try client.response().status == 200)
        let request = try #require(main.record.value.requests.last)
        #expect(request["X-Forwarded-For"] == ["127.0.0.1"])
        #expect(request["X-Forwarded-Proto"] == ["http"])
        #expect(request["X-Forwarded-Host"] == ["postern.test"])
        #expect(request["X-Request-Id"].count == 1)
        #expect(Set(request.fields.map { $0.name.lowercased() }).count == request.fields.count)
        #expect(
            Set(request.fields.map { $0.name.lowercased() })
                == [
                    "host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-request-id",
                    "postern-deadline",
                ])
    }

    @Test(
        "Reserved names and names with an underscore do not arrive",
        arguments: [
            "Postern-User", "postern-user", "POSTERN-CLAIMS", "Postern-Anything", "Postern-", "Postern_User",
            "postern_claims", "POSTERN_anything", "X_Forwarded_For", "X_Real_IP", "x-forwarded_for", "Any_Name", "_",
            "Forwarded", "X-Real-Ip", "X-Forwarded-For-Real",
        ])
    func reserved(_ name: String) throws {
        defer { stop() }
        for path in ["/slow/x", "/maybe/x"] {
            let request = try arrived(
                "GET \(path) HTTP/1.1\r\nHost: postern.test\r\n\(name): evil\r\nAccept: a\r\n\(name): worse\r\n\r\n")
            #expect(request.fields.map(\.name) == ["Host", "Accept"])
            #expect(!String(decoding: request.raw, as: UTF8.self).contains("evil"))
        }
    }

    @Test("Fields of this hop, and those that Connection names, do not arrive; others do")
    func connectionFields() throws {
        defer { stop() }
        let request = try arrived(
            "GET /slow/x HTTP/1.1\r\nHost: postern.test\r\nConnection: X-Drop, keep-alive\r\nconnection: x-DROP-2\r\n"
                + "X-Drop: 1\r\nx-drop: 2\r\nX-Drop-2: 3\r\nX-Stay: 4\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\n"
                + "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\nTrailer: X-Stay\r\n\r\n")
        #expect(request.fields.map(\.name) == ["Host", "X-Stay"])
    }

    @Test(
        "A Connection that names a protected field is 400",
        arguments: [
            "Postern-User", "postern-claims", "X-Forwarded-For", "X-Real-IP", "Forwarded", "Authorization", "Host",
            "Cookie", "Content-Length", "Transfer-Encoding", "Postern_User", "close, Authorization",
            "Authorization, close", "keep-alive,postern-user",
        ])
    func protected(_ option: String) throws {
        defer { stop() }
        let client = try gateway.connect()
        client.send("GET /slow/x HTTP/1.1\r\nHost: postern.test\r\nConnection: \(option)\r\nX: 1\r\n\r\n")
        let answer = try client.response()
        answer.expect(400, error: "Bad request")
        #expect(answer["Connection"] == ["close"])
        #expect(main.record.value.connections == 0)
    }

    @Test("After a verdict the service is told whose token it was, by the gateway alone, and does not see the token")
    func identity() throws {
        defer { stop() }
        for path in ["/members/x", "/maybe/x"] {
            let request = try arrived(
                "GET \(path) HTTP/1.1\r\nHost: postern.test\r\nPostern-User: 1\r\nAuthorization: Bearer a.b.c\r\n"
                    + "postern-claims: evil\r\nPostern-Admin: yes\r\n\r\n")
            #expect(request["Postern-User"] == ["7"])
            #expect(request["Postern-Claims"] == ["e30"])
            #expect(request.fields.map(\.name).sorted() == ["Host", "Postern-Claims", "Postern-User"])
        }
        #expect(verify.record.value.requests.allSatisfy { $0["Postern-User"].isEmpty && $0["Postern-Admin"].isEmpty })
    }

    @Test("Where no token is judged, nobody is named, and the client's Authorization goes on")
    func noIdentity() throws {
        defer { stop() }
        let request = try arrived(
            "GET /slow/x HTTP/1.1\r\nHost: postern.test\r\nPostern-User: 1\r\nAuthorization: Basic eDp5\r\n\r\n")
        #expect(request.fields.map(\.description) == ["Host: postern.test", "Authorization: Basic eDp5"])
        #expect(verify.record.value.requests.allSatisfy { $0.start == "GET /revocations HTTP/1.1" })
    }

    @Test("A body has one framing, its own kind, and its bytes are the client's")
    func framing() throws {
        defer { stop() }
        let body = "GET /slow/smuggled HTTP/1.1\r\nHost: postern.test\r\n\r\n"
        let plain = try arrived(
            "POST /slow/x HTTP/1.1\r\nHost: postern.test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(plain.text == body)
        #expect(plain["Content-Length"] == ["\(body.utf8.count)"] && plain["Transfer-Encoding"].isEmpty)
        let chunked = try arrived(
            "DELETE /slow/x HTTP/1.1\r\nHost: postern.test\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\nX-Trailer: 1\r\n\r\n")
        #expect(chunked.text == body)
        #expect(chunked["Transfer-Encoding"] == ["chunked"] && chunked["Content-Length"].isEmpty)
        // A trailer stays one: no field of the head comes of it.
        #expect(chunked["X-Trailer"].isEmpty && chunked.trailers == ["X-Trailer: 1"])
        #expect(main.record.value.requests.map(\.target) == ["/slow/x", "/slow/x"])
        #expect(main.record.value.errors.isEmpty)
    }

    @Test("Pipelined requests are answered in order, and each is judged for itself")
    func pipelined() throws {
        defer { stop() }
        let client = try gateway.connect()
        client.send(
            "POST /slow/1 HTTP/1.1\r\nHost: postern.test\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /members/2 HTTP/1.1\r\nHost: postern.test\r\n\r\n"
                + "GET /nowhere HTTP/1.1\r\nHost: postern.test\r\n\r\n"
                + "GET /slow/4 HTTP/1.1\r\nHost: postern.test\r\n\r\n")
        #expect(try (1...4).map { _ in try client.response().status } == [200, 401, 404, 200])
        #expect(main.record.value.requests.map(\.target) == ["/slow/1", "/slow/4"])
    }

    @Test("What a service says of itself does not reach the client")
    func masked() throws {
        defer { stop() }
        main.stop()
        let other = try GatewayFixture()
        let service = try ScriptedService(other.mainSocket) { _ in
            Answer.ok(
                "ok",
                [
                    "Server: inside/1.0", "X-Powered-By: inside", "Via: 1.1 inside", "Postern-User: 1",
                    "X-Forwarded-For: inside", "Connection: X-Inside", "X-Inside: 1", "Keep-Alive: timeout=5",
                    "X-Outside: 1",
                ])
        }
        defer { service.stop() }
        let answer = try other.start().request("GET", "/slow/x")
        #expect(answer.text == "ok")
        #expect(answer["X-Outside"] == ["1"])
        #expect(!String(decoding: answer.raw, as: UTF8.self).lowercased().contains("inside"))
        #expect(answer["Postern-User"].isEmpty && answer["Connection"].isEmpty && answer["Keep-Alive"].isEmpty)
    }

    @Test("A service never changes the protocol, and is not asked to")
    func upgrade() throws {
        defer { stop() }
        let request = try arrived(
            "GET /slow/x HTTP/1.1\r\nHost: postern.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
        #expect(request.fields.map(\.name) == ["Host"])
    }
}
