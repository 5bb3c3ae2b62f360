import Testing

@testable import Gateway
@testable import Shared

@Suite("What an instance is told of its exchanges")
struct RecordTests {
    private let gateway: TestGateway
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway()
        service = try gateway.service()
    }

    private var state: InstanceState { gateway.worker.table.services[0].instances[0].state }

    /// One exchange on a connection of its own.
    private func exchange(_ response: String) throws {
        let client = try gateway.client()
        client.send(request("POST", "/x", body: "b"))
        let (connection, _) = try gateway.seen(by: service)
        #expect(state.inFlight == 1)
        connection.send(response)
        connection.close()
        gateway.settle()
        #expect(state.inFlight == 0)
        _ = client.receiveText()
    }

    @Test("each attempt counts as a request; no answer, half of one, and 5xx count as errors")
    func counts() throws {
        try exchange(ok("fine"))
        #expect(state.requests == 1 && state.errors == 0)
        try exchange("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        #expect(state.requests == 2 && state.errors == 0)
        try exchange("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
        #expect(state.requests == 3 && state.errors == 1)
        try exchange("")
        #expect(state.requests == 4 && state.errors == 2)
        try exchange("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        #expect(state.requests == 5 && state.errors == 3)
    }

    @Test("silence counts as an error, a client that leaves does not")
    func silence() throws {
        let patient = try gateway.client()
        patient.send(get("/x"))
        let first = try gateway.seen(by: service)
        gateway.advance(by: 31 * second)
        #expect(try Answer(patient.receiveText()).status == 504)
        #expect(state.errors == 1 && state.inFlight == 0)
        let leaving = try gateway.client()
        leaving.send(get("/x"))
        let other = try gateway.seen(by: service)
        leaving.close()
        gateway.settle()
        #expect(state.errors == 1 && state.inFlight == 0 && state.requests == 2)
        withExtendedLifetime((first, other)) {}
    }

    @Test("failures in a row eject one of two instances, and that is counted once")
    func ejection() throws {
        let gateway = try TestGateway(services: ["data": "instances: [unix:a.sock, unix:b.sock]\neject: {errors: 2}"])
        let services = try ["a", "b"].map { try gateway.service($0) }
        let instances = gateway.worker.table.services[0].instances
        for _ in 0..<40 {
            let client = try gateway.client()
            client.send(request("POST", "/x", body: "b"))
            gateway.settle()
            for (place, service) in services.enumerated() {
                guard let connection = service.take() else { continue }
                _ = connection.receiveText()
                connection.send(
                    place == 0
                        ? "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                        : ok("", "Connection: close"))
            }
            gateway.settle()
            _ = client.receiveText()
        }
        #expect(instances[0].state.isEjected(gateway.loop.now) && !instances[1].state.isEjected(gateway.loop.now))
        #expect(instances[0].state.errors == 2)
        #expect(gateway.worker.counters.ejections == 1)
    }

    @Test("where times are watched, they are those to the first byte")
    func latency() throws {
        let gateway = try TestGateway(services: ["data": "instances: [unix:a.sock, unix:b.sock]\nbalance: ewma"])
        let services = try ["a", "b"].map { try gateway.service($0) }
        let instances = gateway.worker.table.services[0].instances
        for _ in 0..<2 {
            let client = try gateway.client()
            client.send(get("/x"))
            gateway.settle()
            for (place, service) in services.enumerated() {
                guard let connection = service.take() else { continue }
                _ = connection.receiveText()
                gateway.advance(by: place == 0 ? 300 * millisecond : 2 * millisecond)
                connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n")
                gateway.settle()
                gateway.advance(by: second)
                connection.send("x")
                gateway.settle()
            }
        }
        let costs = instances.map { $0.times.cost(load: 0, now: gateway.loop.now) }
        #expect(costs[0] > 200e6 && costs[0] < 2e9)
        #expect(costs[1] > 1e6 && costs[1] < costs[0])
    }
}
