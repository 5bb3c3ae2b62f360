import Testing

@testable import Gateway
@testable import Shared

@Suite("Upgrades become tunnels")
struct UpgradeTests {
    private let asking = get(
        "/x", "Connection: keep-alive, Upgrade", "Upgrade: WebSocket", "Sec-WebSocket-Key: a")
    private let granting =
        "HTTP/1.1 101 Secret\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: b\r\nServer: inside\r\n\r\n"

    /// A gateway with one open tunnel.
    private func open(
        limits: ServerLimits = ServerLimits(), tcp: Bool = false
    ) throws -> (gateway: TestGateway, client: Peer, service: Peer) {
        let gateway = try TestGateway(limits: limits)
        let service = try gateway.service()
        let client = try gateway.client(tcp ? tcpPair() : unixPair())
        client.send(asking)
        let (connection, _) = try gateway.seen(by: service)
        connection.send(granting)
        gateway.settle()
        try #require(try Answer(client.receiveText()).status == 101)
        return (gateway, client, connection)
    }

    @Test("the service is asked for the protocol, and its 101 is masked like any head")
    func heads() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let (seen, answer) = try gateway.exchange(asking, granting, at: service)
        #expect(seen.values("Connection") == ["upgrade"])
        #expect(seen.values("Upgrade") == ["WebSocket"])
        #expect(seen["Sec-WebSocket-Key"] == "a")
        #expect(answer.status == 101)
        #expect(answer.names == ["connection", "sec-websocket-accept", "upgrade"])
        #expect(answer["Upgrade"] == "websocket")
    }

    @Test("bytes pass both ways as they come, those behind the heads too")
    func bytes() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(asking + "early")
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen.body.isEmpty)
        connection.send(granting + "first")
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "first")
        #expect(connection.receiveText() == "early")
        for text in ["GET / HTTP/1.1\r\n\r\n", "\0\u{1}\u{2}"] {
            client.send(text)
            gateway.settle()
            #expect(connection.receiveText() == text)
            connection.send(text)
            gateway.settle()
            #expect(client.receiveText() == text)
        }
        #expect(gateway.worker.counters.openTunnels == 1)
        #expect(gateway.worker.counters.tunnels == 1)
        #expect(gateway.inFlight == 1)
    }

    @Test("a slow reader slows the other side down, and no byte is lost", arguments: [true, false])
    func backpressure(towardsClient: Bool) throws {
        let (gateway, client, service) = try open()
        let (source, target) = towardsClient ? (service, client) : (client, service)
        let bytes = pattern(8_000_000)
        var sent = 0
        for _ in 0..<200 {
            sent += source.send(Array(bytes[sent...].prefix(65536)))
            gateway.settle(2)
        }
        #expect(sent < 4_000_000, "the gateway took all and kept it")
        var received: [UInt8] = []
        for _ in 0..<1000 where received.count < bytes.count {
            if sent < bytes.count { sent += source.send(Array(bytes[sent...].prefix(262_144))) }
            gateway.settle(2)
            received += target.receive()
        }
        #expect(areSame(received, bytes))
    }

    @Test("the end of one direction is passed on and the other goes on; the end of both ends the tunnel")
    func halfClose() throws {
        let (gateway, client, service) = try open(tcp: true)
        client.send("last")
        client.finishWriting()
        gateway.settle()
        #expect(service.receiveText() == "last")
        #expect(service.sawEnd)
        service.send("answer")
        gateway.settle()
        #expect(client.receiveText() == "answer")
        #expect(!client.sawEnd)
        service.finishWriting()
        gateway.settle()
        #expect(client.isClosed)
        #expect(gateway.worker.counters.openTunnels == 0)
        #expect(gateway.context.connections.isEmpty)
        #expect(gateway.inFlight == 0)
        #expect(gateway.worker.counters.cancelled == 0)
    }

    @Test("a side that is gone has its last words delivered, and the other is closed", arguments: [true, false])
    func gone(client isClientGone: Bool) throws {
        let (gateway, client, service) = try open()
        let (leaving, staying) = isClientGone ? (client, service) : (service, client)
        leaving.send("last")
        leaving.close()
        gateway.settle()
        #expect(staying.receiveText() == "last")
        #expect(staying.sawEnd)
        #expect(gateway.worker.counters.openTunnels == 0)
        #expect(gateway.context.connections.isEmpty)
        #expect(gateway.inFlight == 0)
    }

    @Test("a tunnel without a byte for its deadline is closed; one with a byte is not")
    func idle() throws {
        var limits = ServerLimits()
        limits.tunnelIdleDeadline = 10 * second
        let (gateway, client, service) = try open(limits: limits)
        gateway.advance(by: 9 * second)
        service.send("x")
        gateway.settle()
        gateway.advance(by: 9 * second)
        #expect(client.receiveText() == "x")
        #expect(!client.sawEnd)
        gateway.advance(by: 2 * second)
        #expect(client.isClosed)
        #expect(service.isClosed)
        #expect(gateway.worker.counters.openTunnels == 0)
    }

    @Test("a drain leaves a tunnel open until all is closed")
    func drain() throws {
        let (gateway, client, service) = try open()
        gateway.context.drain()
        gateway.advance(by: 20 * second)
        service.send("x")
        gateway.settle()
        #expect(client.receiveText() == "x")
        gateway.context.closeAll()
        #expect(client.isClosed)
        #expect(service.isClosed)
        #expect(gateway.worker.counters.openTunnels == 0)
        #expect(gateway.inFlight == 0)
    }

    @Test("a reload touches no tunnel")
    func reload() throws {
        let (gateway, client, service) = try open()
        try gateway.reload()
        gateway.settle()
        client.send("x")
        gateway.settle()
        #expect(service.receiveText() == "x")
    }

    @Test("any other answer passes, and nothing behind the request is taken for another")
    func refused() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(asking + get("/smuggled"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno")
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 403)
        #expect(answer.body == "no")
        #expect(answer["Connection"] == "close")
        #expect(client.sawEnd)
        #expect(connection.receiveText().isEmpty)
        #expect(gateway.worker.counters.requests == 1)
    }

    @Test(
        "a 101 that nobody asked for, or that grants something else, is 502",
        arguments: [
            [], ["Upgrade: websocket"], ["Connection: upgrade"], ["Connection: upgrade", "Upgrade: other"],
            ["Connection: upgrade", "Upgrade: h2c"],
        ])
    func unasked(fields: [String]) throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let (_, answer) = try gateway.exchange(request("GET", "/x", fields), granting, at: service)
        #expect(answer.status == 502)
        #expect(gateway.worker.counters.openTunnels == 0)
        #expect(gateway.inFlight == 0)
    }

    @Test(
        "an Upgrade to HTTP or TLS never passes: requests in such a tunnel would be judged by nobody",
        arguments: [
            "h2c", "H2C", "websocket, h2c", "HTTP/2.0", "TLS/1.3", "h2", "websocket\r\nUpgrade: h2c", "a b", ",", "",
        ])
    func carriesHTTP(value: String) throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let (seen, answer) = try gateway.exchange(
            get("/x", "Connection: Upgrade, HTTP2-Settings", "Upgrade: \(value)", "HTTP2-Settings: AAMAAABk"), ok("x"),
            at: service)
        #expect(seen["Upgrade"] == nil)
        #expect(seen["Connection"] == nil)
        #expect(seen["HTTP2-Settings"] == nil)
        #expect(answer.body == "x")
        #expect(answer["Connection"] == nil)
    }

    @Test("only GET of HTTP/1.1 without a body is passed on as an upgrade")
    func ordinary() throws {
        let gateway = try TestGateway()
        let fields = ["Connection: upgrade", "Upgrade: websocket"]
        for text in [
            request("POST", "/x", fields), request("GET", "/x", fields, body: "abc"),
            "GET /x HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        ] {
            let service = try gateway.service()
            #expect(try gateway.exchange(text, ok("x", "Connection: close"), at: service).seen["Upgrade"] == nil)
            service.stop()
        }
    }
}
