import Testing

@testable import Gateway
@testable import Shared

@Suite("A connection to a service of several addresses")
struct ConnectionRaceTests {
    private let dead: PlayedService
    private let good: PlayedService
    private let port: UInt16
    private let held: [Peer]
    private let gateway: TestGateway

    /// A gateway with a service at 127.0.0.2, which takes no connection and refuses none, and at 127.0.0.3.
    init() throws {
        good = try PlayedService(address: "127.0.0.3")
        let port = good.port
        self.port = port
        // The kernel answers nobody once the backlog is full.
        dead = try PlayedService(address: "127.0.0.2", port: port, backlog: 0)
        held = try (0..<3).map { _ in try Peer(connecting: "127.0.0.2", port) }
        gateway = try TestGateway(
            ["[...path]": "service: far"],
            services: ["far": "url: http://far.example:\(port)\nallow_private: true\ntimeouts: {connect: 2s}"])
    }

    private func lead(to addresses: String...) throws {
        let name = ServiceName(host: "far.example", allowsPrivate: true)
        let names = OutsideTable(addresses: [name: addresses.compactMap { IPAddress($0) }])
        gateway.worker.install(try TestGateway.load(gateway.folder).snapshot(names, gateway.states))
    }

    /// Has the good address be the busier one, so that the other is tried first.
    private func keepBusy() throws -> ClientConnection {
        let connection = try gateway.worker.table.services[0].instances[1].connect()
        turn { good.take() != nil }
        return connection
    }

    /// Turns the loop until the kernel has told of what was done.
    private func turn(until isSo: () -> Bool) {
        for _ in 0..<200 where !isSo() { gateway.loop.turn(waitingAtMost: 10 * millisecond) }
        gateway.settle()
    }

    @Test("an address that says nothing is not waited for: after a moment the next is tried, and asked once")
    func silent() throws {
        try lead(to: "127.0.0.2", "127.0.0.3")
        let busy = try keepBusy()
        let client = try gateway.client()
        client.send(get("/a"))
        gateway.settle()
        #expect(good.take() == nil)
        gateway.advance(by: ConnectionRace.delay)
        let (connection, seen) = try gateway.seen(by: good)
        #expect(seen.line == "GET /a HTTP/1.1")
        connection.send(ok("x"))
        turn { gateway.inFlight == 1 }
        #expect(try Answer(client.receiveText()).status == 200)
        #expect(good.take() == nil)
        #expect(gateway.worker.counters.retries == 0)
        busy.cancel()
        // It was slow: the next connection is not tried there first.
        #expect(gateway.worker.table.services[0].instances.map(\.isFailed) == [true, false])
    }

    @Test("an address that refuses is left at once for the next")
    func refused() throws {
        dead.stop()
        try lead(to: "127.0.0.2", "127.0.0.3")
        let client = try gateway.client()
        client.send(get("/a"))
        let (connection, _) = try gateway.seen(by: good)
        connection.send(ok("x"))
        turn { gateway.inFlight == 0 }
        #expect(try Answer(client.receiveText()).status == 200)
    }

    @Test("a body goes to the winner alone")
    func body() throws {
        try lead(to: "127.0.0.2", "127.0.0.3")
        let client = try gateway.client()
        client.send(request("POST", "/a", body: "the body"))
        gateway.settle()
        gateway.advance(by: ConnectionRace.delay)
        let (connection, seen) = try gateway.seen(by: good)
        var body = seen.body
        for _ in 0..<100 where body.isEmpty {
            gateway.loop.turn(waitingAtMost: 10 * millisecond)
            body += connection.receiveText()
        }
        #expect(body == "the body")
    }

    @Test("where no address takes a connection the client is told 503, when the time to connect is over")
    func none() throws {
        good.stop()
        try lead(to: "127.0.0.2", "127.0.0.3")
        let client = try gateway.client()
        client.send(get("/a"))
        gateway.settle()
        gateway.advance(by: ConnectionRace.delay)
        turn { gateway.worker.table.services[0].instances[1].isFailed }
        #expect(client.receiveText().isEmpty)
        gateway.advance(by: 2 * second)
        #expect(try Answer(client.receiveText()).status == 503)
        #expect(gateway.inFlight == 0)
    }

    @Test("a client that leaves takes the attempts with it")
    func left() throws {
        try lead(to: "127.0.0.2", "127.0.0.3")
        let busy = try keepBusy()
        let client = try gateway.client()
        client.send(get("/a"))
        gateway.settle()
        #expect(gateway.inFlight == 2)
        client.close()
        gateway.settle()
        gateway.advance(by: ConnectionRace.delay)
        #expect(gateway.inFlight == 1)
        #expect(good.take() == nil)
        busy.cancel()
    }

    @Test("a kept connection is used again, and no other opened")
    func kept() throws {
        try lead(to: "127.0.0.3", "127.0.0.4")
        let client = try gateway.client()
        client.send(get("/a"))
        let (connection, _) = try gateway.seen(by: good)
        for _ in 0..<4 {
            connection.send(ok("x"))
            turn { gateway.inFlight == 0 }
            #expect(try Answer(client.receiveText()).status == 200)
            client.send(get("/a"))
            turn { gateway.inFlight == 1 }
            var text = ""
            turn {
                text += connection.receiveText()
                return !text.isEmpty
            }
            #expect(text.hasPrefix("GET /a HTTP/1.1\r\n"))
        }
        #expect(good.take() == nil)
    }

    @Test("a name without an address is 503 at once")
    func unknown() throws {
        #expect(try gateway.answer(get("/a")).status == 503)
    }

    @Test("connections to addresses that stay are kept when a name leads elsewhere as well")
    func moved() throws {
        try lead(to: "127.0.0.3")
        let pool = gateway.worker.table.services[0].instances[0]
        try lead(to: "127.0.0.3", "127.0.0.4")
        #expect(gateway.worker.table.services[0].instances[0] === pool)
    }
}

@Suite("The time of a whole exchange")
struct TotalTimeTests {
    private func gateway() throws -> (TestGateway, PlayedService) {
        let gateway = try TestGateway(services: ["data": "instances: unix:data.sock\ntimeouts: {total: 5s}"])
        return (gateway, try gateway.service())
    }

    @Test("an answer that does not begin in it is 504, whatever interim answers came")
    func silent() throws {
        let (gateway, service) = try gateway()
        let client = try gateway.client()
        client.send(get("/a"))
        let (connection, _) = try gateway.seen(by: service)
        gateway.advance(by: 5 * second)
        #expect(try Answer(client.receiveText()).status == 504)
        #expect(gateway.worker.counters.longExchanges == 1)
        gateway.settle()
        #expect(connection.isClosed)
    }

    @Test("an answer that does not end in it is broken off")
    func endless() throws {
        let (gateway, service) = try gateway()
        let client = try gateway.client()
        client.send(get("/a"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        gateway.settle()
        for _ in 0..<4 {
            gateway.advance(by: second)
            connection.send("1\r\nx\r\n")
            gateway.settle()
        }
        #expect(client.receiveText().hasPrefix("HTTP/1.1 200"))
        gateway.advance(by: second)
        #expect(client.isClosed)
        #expect(gateway.worker.counters.broken == 1)
    }

    @Test("each exchange has all of it, and one that has ended none")
    func again() throws {
        let (gateway, service) = try gateway()
        let client = try gateway.client()
        client.send(get("/a"))
        let (connection, _) = try gateway.seen(by: service)
        gateway.advance(by: 4 * second)
        connection.send(ok("x"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
        gateway.advance(by: 4 * second)
        client.send(get("/b"))
        gateway.settle()
        gateway.advance(by: 4 * second)
        connection.send(ok("y"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
        #expect(gateway.worker.counters.longExchanges == 0)
    }
}
