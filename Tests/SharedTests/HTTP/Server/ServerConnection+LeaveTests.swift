import Glibc
import Testing

@testable import Shared

/// A request is either served, or its client knows that not a byte of it was received.
@Suite("ServerConnection: leaving a kept connection of a Unix socket")
struct ServerConnectionLeaveTests {
    /// A connection that has served one request.
    private func kept() throws -> ServerUnderTest {
        let test = try ServerUnderTest()
        #expect(test.ask(ask("/first")) == ok("/first"))
        return test
    }

    @Test("drain: a request that came just before is served, and the client is told that it was the last")
    func before() throws {
        let test = try kept()
        test.client.send(post("/body", "Content-Length: 3", body: "abc"))
        test.context.drain()
        #expect(test.heard() == ok("3", "Connection: close"))
        _ = test.client.receive()
        #expect(test.client.sawEnd)
    }

    @Test("drain: from then on the client cannot write, and the connection is closed at once")
    func after() throws {
        let test = try kept()
        test.context.drain()
        #expect(test.client.send(post("/late", "Content-Length: 0")) == 0)
        #expect(test.isGone())
        #expect(test.application.targets == ["/first"])
    }

    @Test("what is written between the last look and the refusal is served")
    func between() throws {
        let test = try kept()
        // As if the look had come before it.
        test.client.send(ask("/between"))
        #expect(test.connection.leave())
        #expect(test.client.send(ask("/late")) == 0)
        #expect(test.heard().hasPrefix("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n"))
        #expect(test.application.targets == ["/first", "/between"])
    }

    @Test("drain: where the answer under way has promised that the connection is kept, the next request is served")
    func promised() throws {
        let test = try ServerUnderTest()
        _ = test.ask(ask("/wait"))
        let exchange = test.application.exchanges[0]
        exchange.connection.beginResponse(200)
        exchange.connection.endHead(.length(2))
        #expect(test.heard() == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        test.context.drain()
        // The client may know that the answer is whole before the server has noted it.
        exchange.connection.stream.append("ok")
        test.client.send(ask("/next"))
        exchange.connection.endResponse()
        #expect(test.heard() == "ok" + ok("/next", "Connection: close"))
        _ = test.client.receive()
        #expect(test.client.sawEnd)
    }

    @Test("drain: where nothing follows such an answer, it is whole, and the connection is closed")
    func promisedAndSilent() throws {
        let test = try ServerUnderTest()
        _ = test.ask(ask("/wait"))
        let exchange = test.application.exchanges[0]
        exchange.connection.beginResponse(200)
        exchange.connection.endHead(.length(2))
        test.context.drain()
        exchange.connection.stream.append("ok")
        exchange.connection.endResponse()
        #expect(test.heard() == ok("ok"))
        #expect(test.client.send(ask("/late")) == 0)
        #expect(test.isGone())
    }

    @Test("a connection that was idle for too long is left in the same way")
    func idle() throws {
        let test = try kept()
        test.client.send(ask("/between"))
        test.loop.clockAdvance += 76 * second
        #expect(test.heard() == ok("/between"))
        test.loop.advance(by: 76 * second)
        #expect(test.client.send(ask("/late")) == 0)
        #expect(test.isGone())
        #expect(test.context.limitHits.idle == 1)
    }
}
