import Testing

@testable import Gateway
@testable import Shared

@Suite("The request's head is written anew")
struct ForwardTests {
    private func seen(_ fields: String..., method: String = "GET", tcp: Bool = false) throws -> Seen {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client(tcp ? tcpPair() : unixPair())
        client.send(request(method, "/x", fields))
        return try gateway.seen(by: service).request
    }

    @Test("fields pass in their order, as they came")
    func fields() throws {
        let seen = try seen("Accept:  text/html ", "x-ODD: a,b", "Cookie: a=b", "Accept: */*")
        #expect(seen.values("accept") == ["text/html ", "*/*"])
        #expect(seen.fields.prefix(5).map(\.name) == ["Host", "Accept", "x-ODD", "Cookie", "Accept"])
    }

    @Test(
        "fields that only the gateway may set never pass from a client",
        arguments: [
            "Postern-User: 1", "POSTERN-CLAIMS: x", "Postern-Anything: x", "Postern_User: 1", "X_Real_IP: 1.2.3.4",
            "Forwarded: for=1.2.3.4", "X-Real-IP: 1.2.3.4", "X-Forwarded-Whatever: x", "x-forwarded-port: 1",
            "any_thing: x",
        ])
    func reserved(field: String) throws {
        let name = String(field.prefix { $0 != ":" })
        let seen = try seen("A: 1", field, "B: 2")
        #expect(seen[name] == nil)
        #expect(seen["A"] == "1")
        #expect(seen["B"] == "2")
    }

    @Test("who asks is told by the gateway alone")
    func forwarding() throws {
        let seen = try seen(
            "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil", "X-Request-Id: mine",
            tcp: true)
        #expect(seen.values("X-Forwarded-For") == ["127.0.0.1"])
        #expect(seen.values("X-Forwarded-Proto") == ["http"])
        #expect(seen.values("X-Forwarded-Host") == ["api.example"])
        #expect(seen.values("X-Request-Id") == ["abc-1"])
        #expect(seen.values("Host") == ["api.example"])
    }

    @Test("a client without an address is given none")
    func noAddress() throws {
        #expect(try seen()["X-Forwarded-For"] == nil)
    }

    @Test("a request of HTTP/1.0 without a Host passes with one, and is not said to have been for it")
    func noHost() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send("GET /x HTTP/1.0\r\n\r\n")
        let (_, seen) = try gateway.seen(by: service)
        #expect(seen.line == "GET /x HTTP/1.1")
        #expect(seen.values("Host") == ["localhost"])
        #expect(seen["X-Forwarded-Host"] == nil)
    }

    @Test("fields of one connection, and those that Connection names, end here")
    func hopByHop() throws {
        let seen = try seen(
            "Connection: keep-alive, X-Mine", "X-Mine: 1", "Keep-Alive: timeout=5", "TE: trailers", "Trailer: X-T",
            "Upgrade: websocket", "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic x", "X-Other: 2")
        for name in [
            "Connection", "X-Mine", "Keep-Alive", "TE", "Trailer", "Upgrade", "Proxy-Connection", "Proxy-Authorization",
        ] {
            #expect(seen[name] == nil)
        }
        #expect(seen["X-Other"] == "2")
    }

    @Test("a Connection that names a protected field is 400")
    func protectedFields() throws {
        let gateway = try TestGateway()
        for name in ["Host", "Authorization", "Postern-User", "X-Forwarded-For", "Cookie", "X_Y"] {
            #expect(try gateway.answer(get("/x", "Connection: close, \(name)")).status == 400)
        }
    }

    @Test("a body passes with its length")
    func length() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("PUT", "/x", ["Content-Length: 10"]) + "01234")
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen.values("Content-Length") == ["10"])
        #expect(seen["Transfer-Encoding"] == nil)
        #expect(seen.body == "01234")
        client.send("56789")
        gateway.settle()
        #expect(connection.receiveText() == "56789")
        connection.send(ok("done"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "done")
    }

    @Test("a length of nothing is told too")
    func emptyBody() throws {
        #expect(try seen("Content-Length: 0", method: "POST").values("Content-Length") == ["0"])
        #expect(try seen(method: "GET")["Content-Length"] == nil)
    }

    @Test("a chunked body is chunked anew")
    func chunked() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n")
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen.values("Transfer-Encoding") == ["chunked"])
        #expect(seen["Content-Length"] == nil)
        client.send("2\r\nde\r\n0\r\n\r\n")
        gateway.settle()
        #expect(seen.body + connection.receiveText() == "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    }

    @Test("a client that waits for 100 gets the service's")
    func expectContinue() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Content-Length: 3", "Expect: 100-continue"]))
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen["Expect"] == "100-continue")
        #expect(client.receiveText().isEmpty)
        connection.send("HTTP/1.1 100 Continue\r\n\r\n")
        gateway.settle()
        #expect(client.receiveText() == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("abc")
        gateway.settle()
        #expect(connection.receiveText() == "abc")
        connection.send(ok("x"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "x")
    }

    @Test("a service that answers before it has the body ends the exchange and both connections")
    func earlyResponse() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Content-Length: 1000"]) + "abc")
        let (connection, _) = try gateway.seen(by: service)
        connection.send(ok("no"))
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.body == "no")
        #expect(answer["Connection"] == "close")
        #expect(client.sawEnd)
        #expect(connection.isClosed)
        #expect(gateway.inFlight == 0)
    }

    @Test("a service that takes no more of a long body slows the client down, and no byte is lost")
    func backpressure() throws {
        let gateway = try TestGateway(["x": "service: data\nbody_limit: 64MiB"])
        let service = try gateway.service()
        let client = try gateway.client()
        let body = pattern(8_000_000)
        client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
        gateway.settle()
        let connection = try service.accept()
        var sent = 0
        for _ in 0..<200 {
            sent += client.send(Array(body[sent...].prefix(65536)))
            gateway.settle(2)
        }
        #expect(sent < 4_000_000, "the gateway took all and kept it")
        let head = connection.receive(atMost: 65536)
        let start = try #require(String(decoding: head, as: UTF8.self).firstRange(of: "\r\n\r\n"))
        let headLength = String(decoding: head, as: UTF8.self)[..<start.upperBound].utf8.count
        var received = Array(head[headLength...])
        for _ in 0..<1000 where received.count < body.count {
            if sent < body.count { sent += client.send(Array(body[sent...].prefix(262_144))) }
            gateway.settle(2)
            received += connection.receive()
        }
        #expect(areSame(received, body))
    }

    @Test("a client that sends its body slowly is not the service's fault")
    func slowClient() throws {
        let gateway = try TestGateway(["x": "service: data\ntimeout: 2s"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Content-Length: 6"]) + "abc")
        let (connection, _) = try gateway.seen(by: service)
        gateway.advance(by: 5 * second)
        #expect(client.receiveText().isEmpty)
        client.send("def")
        gateway.settle()
        connection.send(ok("x"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
    }
}
