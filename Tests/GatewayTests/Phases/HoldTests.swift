import Testing

@testable import Gateway
@testable import Shared

@Suite("Services that are given no more than they can do")
struct HoldTests {
    private func gateway(_ limits: String) throws -> (gateway: TestGateway, service: PlayedService) {
        let gateway = try TestGateway(services: ["data": "instances: unix:data.sock\nlimits: \(limits)"])
        return (gateway, try gateway.service())
    }

    private func load(_ gateway: TestGateway) -> ServiceLoad { gateway.worker.table.services[0].shield.load }

    @Test("so many requests are under way, so many wait, the rest is 503 at once with Retry-After")
    func full() throws {
        let (gateway, service) = try gateway("{in_flight: 1, pending: 1}")
        let clients = try (0..<3).map { _ in try gateway.client() }
        clients[0].send(get("/0"))
        let (connection, first) = try gateway.seen(by: service)
        #expect(first.line == "GET /0 HTTP/1.1")
        clients[1].send(get("/1"))
        gateway.settle()
        clients[2].send(get("/2"))
        gateway.settle()
        let refused = try Answer(clients[2].receiveText())
        #expect(refused.status == 503 && refused["Retry-After"] == "1")
        #expect(service.take() == nil)
        #expect(connection.receiveText().isEmpty)
        connection.send(ok("zero"))
        gateway.settle()
        #expect(try Answer(clients[0].receiveText()).body == "zero")
        #expect(try Seen(connection.receiveText()).line == "GET /1 HTTP/1.1")
        connection.send(ok("one"))
        gateway.settle()
        #expect(try Answer(clients[1].receiveText()).body == "one")
        #expect(load(gateway).inFlight == 0 && load(gateway).pending == 0)
        let counters = gateway.worker.counters
        #expect(counters.waits == 1 && counters.fullServices == 1 && counters.longWaits == 0)
    }

    @Test("who waits too long gets 503; a client that leaves frees its place, in the queue as at the service")
    func leaving() throws {
        let (gateway, service) = try gateway("{in_flight: 1, pending: 2, wait: 2s}")
        let clients = try (0..<4).map { _ in try gateway.client() }
        clients[0].send(get("/0"))
        let (connection, _) = try gateway.seen(by: service)
        for client in clients[1...2] {
            client.send(get("/x"))
            gateway.settle()
        }
        clients[1].close()
        gateway.settle()
        #expect(load(gateway).pending == 1)
        clients[3].send(get("/3"))
        gateway.settle()
        gateway.advance(by: second)
        #expect(clients[2].receiveText().isEmpty)
        #expect(load(gateway).pending == 2)
        gateway.advance(by: 1500 * millisecond)
        #expect(try Answer(clients[2].receiveText()).status == 503)
        #expect(try Answer(clients[3].receiveText()).status == 503)
        #expect(gateway.worker.counters.longWaits == 2)
        let last = try gateway.client()
        last.send(get("/last"))
        gateway.settle()
        clients[0].close()
        gateway.settle()
        #expect(connection.isClosed)
        let (fresh, seen) = try gateway.seen(by: service)
        #expect(seen.line == "GET /last HTTP/1.1")
        fresh.send(ok("x"))
        gateway.settle()
        #expect(try Answer(last.receiveText()).status == 200)
        #expect(load(gateway).inFlight == 0)
    }

    @Test("a place is given back however the exchange ends")
    func ends() throws {
        let (gateway, service) = try gateway("{in_flight: 1, pending: 0}")
        func ask(_ text: String, then: (Peer) -> Void) throws -> Int {
            let client = try gateway.client()
            client.send(text)
            let (connection, _) = try gateway.seen(by: service)
            then(connection)
            gateway.settle()
            return try Answer(client.receiveText()).status
        }
        #expect(try ask(request("POST", "/x")) { $0.close() } == 502)
        #expect(load(gateway).inFlight == 0)
        #expect(try ask(get("/x")) { $0.send("nonsense\r\n\r\n") } == 502)
        #expect(load(gateway).inFlight == 0)
        #expect(try ask(get("/x")) { _ in gateway.advance(by: 31 * second) } == 504)
        #expect(load(gateway).inFlight == 0)
        #expect(try ask(get("/x")) { $0.send(ok("x", "Connection: close")) } == 200)
        #expect(load(gateway).inFlight == 0)
        service.stop()
        #expect(try gateway.answer(get("/x")).status == 503)
        #expect(load(gateway).inFlight == 0)
    }

    @Test("one that answers late is asked less by and by, and what is too much is refused before it is sent")
    func adaptive() throws {
        let (gateway, service) = try gateway("{adaptive: true}")
        let shield = gateway.worker.table.services[0].shield
        let first = shield.limit.current
        let clients = try (0..<first + 3).map { _ in try gateway.client() }
        for client in clients { client.send(get("/x")) }
        gateway.settle()
        #expect(shield.waiting == first)
        let answers = try clients.map { $0.receiveText() }.filter { !$0.isEmpty }.map(Answer.init)
        #expect(answers.map(\.status) == [503, 503, 503])
        #expect(answers.allSatisfy { $0["Retry-After"] == "1" })
        #expect(gateway.worker.counters.shedRequests == 3)
        var connections: [Peer] = []
        while let connection = service.take() { connections.append(connection) }
        #expect(connections.count == first)
        for connection in connections {
            // A body that goes on is not waited for.
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        }
        gateway.settle()
        #expect(shield.waiting == 0)
        #expect(shield.limit.baseline == 0, "one window is not over yet")
        for connection in connections { connection.send("0123456789") }
        gateway.settle()
        #expect(gateway.inFlight == 0)
    }

    @Test("a reload keeps the places that are taken, and lets in who waits where the new limit has room")
    func reload() throws {
        let states = InstanceStates()
        let (gateway, service) = try gateway("{in_flight: 1, pending: 5, wait: 10s}")
        func install(_ limits: String) throws {
            try gateway.folder.write("instances: unix:data.sock\nlimits: \(limits)\n", to: "services/data.yaml")
            gateway.worker.install(try TestGateway.load(gateway.folder).snapshot(OutsideTable(), states))
        }
        try install("{in_flight: 1, pending: 5, wait: 10s}")
        let clients = try (0..<3).map { _ in try gateway.client() }
        for client in clients {
            client.send(get("/x"))
            gateway.settle()
        }
        #expect(load(gateway).inFlight == 1 && load(gateway).pending == 2)
        try install("{in_flight: 2, pending: 5, wait: 10s}")
        gateway.settle()
        #expect(load(gateway).inFlight == 2 && load(gateway).pending == 1)
        var served = 0
        for _ in 0..<10 where served < 3 {
            gateway.settle()
            while let connection = service.take() {
                _ = connection.receive()
                connection.send(ok("x", "Connection: close"))
                gateway.settle()
                served += 1
            }
        }
        for client in clients { #expect(try Answer(client.receiveText()).status == 200) }
        #expect(load(gateway).inFlight == 0 && load(gateway).pending == 0)
    }
}
