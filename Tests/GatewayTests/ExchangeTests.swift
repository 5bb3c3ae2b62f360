import Testing

@testable import Gateway
@testable import Shared

@Suite("Exchanges are used again, one life at a time")
struct ExchangeTests {
    @Test("an exchange comes to rest once, whichever way it ends")
    func rest() throws {
        let gateway = try TestGateway(["x": "service: data\nbody_limit: 4"])
        let service = try gateway.service()
        // Every way to an end, one after the other, on the one exchange that is ever made.
        #expect(try gateway.answer(get("/none")).status == 404)
        #expect(try gateway.exchange(get("/x"), ok("1", "Connection: close"), at: service).answer.status == 200)
        let gone = try gateway.client()
        gone.send(get("/x"))
        _ = try gateway.seen(by: service)
        gone.close()
        gateway.settle()
        let long = try gateway.client()
        long.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "5\r\n12345\r\n")
        gateway.settle()
        #expect(try Answer(long.receiveText()).status == 413)
        let malformed = try gateway.client()
        malformed.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "zz\r\n")
        gateway.settle()
        #expect(try Answer(malformed.receiveText()).status == 400)
        while service.take() != nil {}

        // Two at once are two: had one come to rest twice, they would share it.
        let clients = try [gateway.client(), gateway.client(), gateway.client()]
        for (number, client) in clients.enumerated() { client.send(get("/x?\(number)")) }
        gateway.settle()
        var connections: [(Peer, String)] = []
        for _ in clients {
            let connection = try service.accept()
            connections.append((connection, try Seen(connection.receiveText()).line))
        }
        for (connection, line) in connections.reversed() { connection.send(ok(line)) }
        gateway.settle()
        for (number, client) in clients.enumerated() {
            #expect(try Answer(client.receiveText()).body == "GET /x?\(number) HTTP/1.1")
        }
        #expect(gateway.inFlight == 0)
    }

    @Test("each request has a number of its own")
    func numbers() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        var numbers: Set<String> = []
        for _ in 0..<5 {
            let seen = try gateway.exchange(get("/x"), ok("x", "Connection: close"), at: service).seen
            numbers.insert(try #require(seen["X-Request-Id"]))
        }
        #expect(numbers.count == 5)
    }

    @Test("a request that a reload overtakes is served as it began; the next one by what is new")
    func reload() throws {
        let gateway = try TestGateway(["x": "service: data"])
        let old = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: old)
        try gateway.folder.write("instances: unix:new.sock\n", to: "services/data.yaml")
        let new = try gateway.service("new")
        try gateway.reload()
        gateway.settle()
        connection.send(ok("old"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "old")
        #expect(connection.isClosed, "a former instance's connection is not kept")
        #expect(try gateway.exchange(get("/x"), ok("new"), at: new, from: client).answer.body == "new")
    }

    @Test("a stream lives on through a reload that takes its route away")
    func stream() throws {
        let gateway = try TestGateway(["events": "service: data"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/events"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
        gateway.settle()
        try gateway.folder.remove("routes/events.yaml")
        try gateway.reload()
        connection.send("3\r\ntwo\r\n0\r\n\r\n")
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
        #expect(try gateway.answer(get("/events"), from: client).status == 404)
    }

    @Test("draining lets requests under way end, and closes their connections")
    func drain() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let busy = try gateway.client()
        let idle = try gateway.client()
        busy.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        gateway.context.drain()
        // One that was on its way when draining began.
        idle.send(get("/y"))
        gateway.settle()
        let other = try service.accept()
        connection.send(ok("x"))
        other.send(ok("y"))
        gateway.settle()
        for (client, body) in [(busy, "x"), (idle, "y")] {
            let answer = try Answer(client.receiveText())
            #expect(answer.body == body)
            #expect(answer["Connection"] == "close")
            #expect(client.sawEnd)
            client.close()
        }
        gateway.settle()
        #expect(gateway.context.connections.isEmpty)
    }

    @Test("counters tell what became of the requests")
    func counters() throws {
        let gateway = try TestGateway(["x": "service: data"])
        let service = try gateway.service()
        _ = try gateway.exchange(get("/x"), ok("x", "Connection: close"), at: service)
        _ = try gateway.exchange(
            get("/x"), "HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", at: service)
        _ = try gateway.answer("GET\r\n\r\n")
        let counters = gateway.worker.counters
        #expect(counters.requests == 2)
        #expect(counters.completed == 2)
        #expect(counters.refused == 1)
        #expect((0..<5).map { counters.responses[$0] } == [0, 1, 0, 1, 0])
    }

    @Test("what was not served is counted by whose fault it was")
    func faults() throws {
        let gateway = try TestGateway(["x": "service: data\nbody_limit: 3", "y": "service: data\nauth: required"])
        _ = try gateway.answer(get("/nothing"))
        _ = try gateway.answer(request("POST", "/x", body: "1234"))
        _ = try gateway.answer(get("/x"))
        _ = try gateway.answer(get("/y", "Authorization: Bearer t"))
        let counters = gateway.worker.counters
        #expect(counters.clientFaults == 2)
        #expect(counters.longBodies == 1)
        #expect(counters.upstreamFaults == 2)
        #expect(counters.ownFaults == 0)
    }
}
