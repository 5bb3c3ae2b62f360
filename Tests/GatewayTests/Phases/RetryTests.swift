import Testing

@testable import Gateway
@testable import Shared

/// RFC 9110 section 9.2.2: what may have been done once is done again only where that is the same.
@Suite("Sending again")
struct RetryTests {
    /// A gateway with one kept connection to its service.
    private struct Kept {
        let gateway: TestGateway
        let service: PlayedService
        let connection: Peer

        init() throws {
            gateway = try TestGateway()
            service = try gateway.service()
            let client = try gateway.client()
            client.send(get("/first"))
            connection = try gateway.seen(by: service).connection
            connection.send(ok("first"))
            gateway.settle()
            #expect(try Answer(client.receiveText()).body == "first")
        }
    }

    @Test("an idempotent request whose kept connection was closed under it is sent again on a fresh one")
    func idempotent() throws {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
            let kept = try Kept()
            let client = try kept.gateway.client()
            client.send(request(method, "/x"))
            kept.gateway.settle()
            #expect(kept.connection.receiveText().hasPrefix(method))
            kept.connection.close()
            let (fresh, seen) = try kept.gateway.seen(by: kept.service)
            #expect(seen.line == "\(method) /x HTTP/1.1")
            fresh.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            kept.gateway.settle()
            #expect(try Answer(client.receiveText()).status == 200)
            #expect(kept.gateway.worker.counters.retries == 1)
            #expect(kept.gateway.inFlight == 0)
        }
    }

    @Test("it is sent again once, not for ever")
    func once() throws {
        let kept = try Kept()
        let client = try kept.gateway.client()
        client.send(get("/x"))
        kept.gateway.settle()
        kept.connection.close()
        try kept.gateway.seen(by: kept.service).connection.close()
        kept.gateway.settle()
        #expect(try Answer(client.receiveText()).status == 502)
        #expect(kept.service.take() == nil)
    }

    @Test("a request that is not idempotent, or has a body, is not sent again once it may have been received")
    func notIdempotent() throws {
        for sent in [
            request("POST", "/x"), request("PATCH", "/x"), request("BREW", "/x"), request("PUT", "/x", body: "abc"),
        ] {
            let kept = try Kept()
            let client = try kept.gateway.client()
            client.send(sent)
            kept.gateway.settle()
            #expect(!kept.connection.receiveText().isEmpty)
            kept.connection.close()
            kept.gateway.settle()
            #expect(try Answer(client.receiveText()).status == 502)
            #expect(kept.service.take() == nil)
        }
    }

    @Test("such a request goes on no connection that has ended, seen or not")
    func lookedAt() throws {
        let kept = try Kept()
        // The loop has not turned since: it does not know.
        kept.connection.close()
        let client = try kept.gateway.client()
        client.send(request("POST", "/x", body: "abc"))
        let (fresh, seen) = try kept.gateway.seen(by: kept.service)
        #expect(seen.body == "abc")
        fresh.send(ok("x"))
        kept.gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
        #expect(kept.gateway.worker.counters.retries == 0)
    }

    @Test("nothing is sent again on a connection that was fresh, after a byte of an answer, or after a timeout")
    func never() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        try gateway.seen(by: service).connection.close()
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 502)

        let kept = try Kept()
        let other = try kept.gateway.client()
        other.send(get("/x"))
        kept.gateway.settle()
        kept.connection.send("HTTP/1.1 2")
        kept.connection.close()
        kept.gateway.settle()
        #expect(try Answer(other.receiveText()).status == 502)

        let slow = try Kept()
        let waiting = try slow.gateway.client()
        waiting.send(get("/x"))
        slow.gateway.settle()
        slow.gateway.advance(by: 31 * second)
        #expect(try Answer(waiting.receiveText()).status == 504)
        #expect(slow.service.take() == nil)
    }
}
