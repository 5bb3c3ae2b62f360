import Testing

@testable import Gateway
@testable import Shared

@Suite("A second instance is asked where the first takes long")
struct HedgeTests {
    private struct Two {
        let gateway: TestGateway
        let services: [PlayedService]
        let client: Peer

        init(_ keys: String = "hedge: 50ms") throws {
            gateway = try TestGateway(services: ["data": "instances: [unix:a.sock, unix:b.sock]\n\(keys)"])
            services = [try gateway.service("a"), try gateway.service("b")]
            client = try gateway.client()
        }

        /// The connection that has come since, with what it was asked.
        func next() throws -> (connection: Peer, seen: Seen) {
            let connection = try #require(services.compactMap { $0.take() }.first, "nobody was asked")
            return (connection, try Seen(connection.receiveText()))
        }
        var isQuiet: Bool { services.allSatisfy { $0.take() == nil } }
        var counters: Counters { gateway.worker.counters }
    }

    @Test("after the time another instance gets the same request; the first that answers is heard, once")
    func second() throws {
        for winner in [0, 1] {
            let two = try Two()
            two.client.send(get("/x"))
            two.gateway.settle()
            let first = try two.next()
            two.gateway.advance(by: 49 * millisecond)
            #expect(two.isQuiet)
            two.gateway.advance(by: 2 * millisecond)
            let second = try two.next()
            #expect(second.seen.line == first.seen.line)
            #expect(second.seen["X-Request-Id"] == first.seen["X-Request-Id"])
            #expect(two.gateway.inFlight == 2)
            let connections = [first.connection, second.connection]
            connections[winner].send(ok("winner"))
            two.gateway.settle()
            #expect(try Answer(two.client.receiveText()).body == "winner")
            #expect(connections[1 - winner].isClosed)
            #expect(two.gateway.inFlight == 0)
            #expect(two.counters.hedges == 1 && two.counters.wonHedges == UInt64(winner))
            #expect(two.counters.completed == 1 && two.counters.retries == 0)
            // The winner's connection is kept, and serves the next.
            two.client.send(get("/y"))
            two.gateway.settle()
            let kept = !connections[winner].receiveText().isEmpty
            #expect(kept || !two.isQuiet)
        }
    }

    @Test("both answer in the same turn: the client gets one answer")
    func both() throws {
        let two = try Two()
        two.client.send(get("/x"))
        two.gateway.settle()
        let first = try two.next()
        two.gateway.advance(by: 51 * millisecond)
        let second = try two.next()
        first.connection.send(ok("same"))
        second.connection.send(ok("same"))
        two.gateway.settle()
        #expect(try Answer(two.client.receiveText()).body == "same")
        #expect(two.counters.completed == 1)
        #expect(two.gateway.inFlight == 0)
    }

    @Test("where one of the two fails the other is waited for; where both do the request has failed")
    func failures() throws {
        for isFirst in [true, false] {
            let two = try Two()
            two.client.send(get("/x"))
            two.gateway.settle()
            let first = try two.next()
            two.gateway.advance(by: 51 * millisecond)
            let second = try two.next()
            (isFirst ? first : second).connection.close()
            two.gateway.settle()
            #expect(two.client.receiveText().isEmpty)
            #expect(two.gateway.inFlight == 1)
            (isFirst ? second : first).connection.send(ok("late"))
            two.gateway.settle()
            #expect(try Answer(two.client.receiveText()).body == "late")
        }
        let two = try Two("hedge: 50ms\nretries: {attempts: 1}")
        two.client.send(get("/x"))
        two.gateway.settle()
        let first = try two.next()
        two.gateway.advance(by: 51 * millisecond)
        let second = try two.next()
        first.connection.close()
        two.gateway.settle()
        second.connection.close()
        two.gateway.settle()
        #expect(try Answer(two.client.receiveText()).status == 502)
        #expect(two.gateway.inFlight == 0)
    }

    @Test("a client that leaves frees both")
    func cancelled() throws {
        let two = try Two()
        two.client.send(get("/x"))
        two.gateway.settle()
        let first = try two.next()
        two.gateway.advance(by: 51 * millisecond)
        let second = try two.next()
        two.client.close()
        two.gateway.settle()
        #expect(first.connection.isClosed && second.connection.isClosed)
        #expect(two.gateway.inFlight == 0)
    }

    @Test(
        "only what is safe, has no body and asks for no other protocol; and nothing without `hedge`, or without budget")
    func never() throws {
        for (sent, keys) in [
            (request("POST", "/x"), "hedge: 50ms"), (request("PUT", "/x"), "hedge: 50ms"),
            (request("GET", "/x", body: "abc"), "hedge: 50ms"),
            (get("/x", "Connection: upgrade", "Upgrade: websocket"), "hedge: 50ms"),
            (get("/x"), "retries: {attempts: 3}"), (get("/x"), "hedge: 50ms\nretries: {budget: 0%}"),
        ] {
            let two = try Two(keys)
            two.client.send(sent)
            two.gateway.settle()
            let first = try two.next()
            two.gateway.advance(by: 200 * millisecond)
            #expect(two.isQuiet)
            #expect(!first.connection.isClosed)
            #expect(two.counters.hedges == 0)
        }
    }

    @Test("an answer that has begun is not hedged; HEAD is")
    func begun() throws {
        let two = try Two()
        two.client.send(request("HEAD", "/x"))
        two.gateway.settle()
        let first = try two.next()
        two.gateway.advance(by: 51 * millisecond)
        #expect(try two.next().seen.line == "HEAD /x HTTP/1.1")
        #expect(!first.connection.isClosed)
        let other = try Two()
        other.client.send(get("/x"))
        other.gateway.settle()
        let only = try other.next().connection
        only.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        other.gateway.settle()
        other.gateway.advance(by: 60 * millisecond)
        #expect(other.isQuiet)
        #expect(!only.isClosed)
    }
}
