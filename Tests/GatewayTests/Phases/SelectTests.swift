import Testing

@testable import Gateway
@testable import Shared

@Suite("A request that reached nobody goes to another instance")
struct SelectTests {
    private func gateway() throws -> TestGateway {
        try TestGateway(services: ["data": "instances: [unix:one.sock, unix:two.sock]"])
    }

    @Test("an instance that takes no connection is passed over, for a while")
    func passedOver() throws {
        let gateway = try gateway()
        let two = try gateway.service("two")
        for number in 0..<8 {
            let (_, answer) = try gateway.exchange(
                get("/x", "Connection: close"), ok("\(number)", "Connection: close"), at: two)
            #expect(answer.body == "\(number)")
        }
        let one = gateway.worker.table.services[0].instances[0]
        #expect(one.isFailed)
        gateway.advance(by: 2 * second)
        #expect(!one.isFailed)
    }

    @Test("POST too, since nothing of it was sent")
    func post() throws {
        let gateway = try gateway()
        let two = try gateway.service("two")
        for _ in 0..<8 {
            let (seen, answer) = try gateway.exchange(
                request("POST", "/x", ["Connection: close"], body: "abc"), ok("x", "Connection: close"), at: two)
            #expect(seen.body == "abc")
            #expect(answer.status == 200)
        }
    }

    @Test("an instance whose backlog is full is not taken for one that is down")
    func fullBacklog() throws {
        let gateway = try TestGateway()
        let service = try PlayedService(gateway.folder["data.sock"], backlog: 0)
        let first = try gateway.client()
        first.send(get("/kept"))
        let (kept, _) = try gateway.seen(by: service)
        kept.send(ok("x"))
        gateway.settle()
        // The first uses the kept connection, the second waits in the backlog: the third has nowhere to go.
        let waiting = try [gateway.client(), gateway.client(), gateway.client()]
        for client in waiting { client.send(get("/x")) }
        gateway.settle()
        let refused = try waiting.map { $0.receiveText() }.filter { !$0.isEmpty }.map(Answer.init)
        #expect(refused.map(\.status) == [503])
        #expect(!gateway.worker.table.services[0].instances[0].isFailed)
        #expect(gateway.inFlight == 2)
    }
}
