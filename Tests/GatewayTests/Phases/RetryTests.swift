import Glibc
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

    @Test(
        "a request whose new connection is dropped goes once more to the only instance, whose socket may be systemd's")
    func fresh() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        try gateway.seen(by: service).connection.close()
        let (second, seen) = try gateway.seen(by: service)
        #expect(seen.line == "GET /x HTTP/1.1")
        second.close()
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 502)
        #expect(service.take() == nil)
    }

    @Test("nothing is sent again after a byte of an answer, or after a timeout")
    func never() throws {
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

    @Test("a retry that the budget does not allow is none")
    func budget() throws {
        let gateway = try TestGateway(services: ["data": "instances: unix:data.sock\nretries: {budget: 0%}"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        try gateway.seen(by: service).connection.close()
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 502)
        #expect(gateway.worker.counters.retries == 0)
        #expect(gateway.worker.counters.refusedRetries == 1)
    }

    @Test("with one attempt nothing is tried twice")
    func oneAttempt() throws {
        let gateway = try TestGateway(
            services: ["data": "instances: [unix:data.sock, unix:none.sock]\nretries: {attempts: 1}"])
        let service = try gateway.service()
        var statuses: Set<Int> = []
        for _ in 0..<40 {
            let client = try gateway.client()
            client.send(get("/x"))
            gateway.settle()
            if let connection = service.take() { connection.close() }
            gateway.settle()
            statuses.insert(try Answer(client.receiveText()).status)
            gateway.advance(by: 2 * second)
        }
        #expect(statuses == [502, 503])
        #expect(gateway.worker.counters.retries == 0)
    }

    // MARK: What was not sent

    /// Services that end their kept connections without reading on: what is written to them fails.
    private func refuse(_ kept: Kept) { shutdown(kept.connection.descriptor, Int32(SHUT_RD)) }

    @Test("a request of which no byte was taken goes to another connection, whatever it is, with its body")
    func unsent() throws {
        let long = String(repeating: "0123456789", count: 3000)
        for sent in [
            get("/x"), request("POST", "/x"), request("POST", "/x", body: "abc"), request("PATCH", "/x", body: long),
            "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ] {
            let kept = try Kept()
            refuse(kept)
            let client = try kept.gateway.client()
            client.send(sent)
            kept.gateway.settle()
            let fresh = try kept.service.accept()
            let seen = try Seen(fresh.receiveText())
            #expect(sent.hasPrefix(seen.line))
            #expect(sent.hasSuffix(seen.body))
            fresh.send(ok("done"))
            kept.gateway.settle()
            #expect(try Answer(client.receiveText()).body == "done")
            #expect(kept.connection.receiveText().isEmpty)
            #expect(kept.gateway.worker.counters.retries == 1)
            #expect(kept.gateway.inFlight == 0)
            #expect(kept.gateway.worker.table.services[0].instances[0].state.errors == 0)
        }
    }

    @Test("its body goes on where it was, also one that is longer than what may wait")
    func unsentBody() throws {
        let kept = try Kept()
        refuse(kept)
        let client = try kept.gateway.client()
        let all = Array(request("POST", "/x", body: String(repeating: "x", count: 900_000)).utf8)
        var sent = 0
        var received: [UInt8] = []
        var fresh: Peer?
        for _ in 0..<2000 where sent < all.count || received.count < all.count {
            if sent < all.count { sent += client.send(Array(all[sent...].prefix(100_000))) }
            kept.gateway.settle(2)
            if fresh == nil { fresh = kept.service.take() }
            received += fresh?.receive() ?? []
        }
        #expect(sent == all.count)
        #expect(received.filter { $0 == UInt8(ascii: "x") }.count >= 900_000)
        fresh?.send(ok("done"))
        kept.gateway.settle()
        #expect(try Answer(client.receiveText()).body == "done")
    }

    @Test("it costs nothing of the budget")
    func unsentIsFree() throws {
        let gateway = try TestGateway(services: ["data": "instances: unix:data.sock\nretries: {budget: 0%}"])
        let service = try gateway.service()
        let first = try gateway.client()
        first.send(get("/1"))
        let (kept, _) = try gateway.seen(by: service)
        kept.send(ok("first"))
        gateway.settle()
        shutdown(kept.descriptor, Int32(SHUT_RD))
        let (seen, answer) = try gateway.exchange(request("POST", "/x", body: "abc"), ok("x"), at: service)
        #expect(seen.body == "abc" && answer.status == 200)
        #expect(gateway.worker.counters.refusedRetries == 0)
    }
}
