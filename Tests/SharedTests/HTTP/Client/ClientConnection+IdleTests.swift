import Testing

@testable import Shared

@Suite("ClientConnection: between exchanges")
struct ClientConnectionIdleTests {
    /// A connection that has carried one exchange.
    private func idle() throws -> ClientUnderTest {
        let test = try ClientUnderTest()
        _ = test.send()
        test.hear(ok("x"))
        #expect(test.connection.isReusable)
        return test
    }

    @Test("a service that closes takes the connection from its pool")
    func closed() throws {
        let test = try idle()
        test.service.close()
        test.loop.settle()
        #expect(test.idleEnds == 1)
        #expect(test.connection.isClosed)
        #expect(!test.connection.isReusable)
    }

    @Test("bytes that nobody asked for close the connection: they are no answer to the next request")
    func unsolicited() throws {
        let test = try idle()
        test.hear(ok("poison"))
        #expect(test.idleEnds == 1)
        #expect(test.connection.isClosed)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test(
        "bytes behind an answer spoil the connection",
        arguments: [ok("x") + ok("poison"), "HTTP/1.1 204 x\r\n\r\nbody", ok("x") + "\r\n"])
    func behindAnswer(_ response: String) throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear(response)
        #expect(exchange.events.last == "end")
        #expect(!test.connection.isReusable)
    }

    @Test("bytes that came before a byte of the request had left are no answer to it")
    func beforeTheRequest() throws {
        let test = try idle()
        test.service.send(ok("poison"))
        // In the same turn, before the loop has read: another request takes the connection from the pool.
        let exchange = test.begin(ClientRecorder())
        test.loop.settle()
        #expect(exchange.events == ["fail"])
        #expect(exchange.failure == ClientFailure(kind: .closed, hadResponse: false, wasReused: true, wasSent: false))
    }

    @Test("bytes that come while the last exchange is ending are no answer to the one that follows it at once")
    func readOnIntoTheNext() throws {
        let test = try ClientUnderTest()
        let first = ClientRecorder()
        let second = ClientRecorder()
        // The answer fills the buffer to its last byte, so that the stream reads on in the same turn.
        let head = "HTTP/1.1 200 OK\r\nContent-Length: "
        let length = BufferPool.smallSize - head.utf8.count - 5 - 4
        let response = "\(head)\(length)\r\n\r\n" + String(repeating: "x", count: length)
        #expect(response.utf8.count == BufferPool.smallSize)
        first.onEnd = { [unowned test] _ in _ = test.connection.isReusable ? test.begin(second) : second }
        _ = test.send(.get, first)
        test.hear(response + ok("poison"))
        #expect(first.events == ["begin 200", "end"])
        #expect(second.text == "")
        #expect(second.failure?.kind == .closed)
    }

    @Test("a pause or a resume that comes too late does not make the connection deaf, or time out")
    func latePause() throws {
        let test = try idle()
        test.connection.pause()
        test.connection.resume()
        test.loop.advance(by: 1000 * second)
        #expect(test.connection.isReusable)
        test.connection.pause()
        test.service.close()
        test.loop.settle()
        #expect(test.idleEnds == 1)
    }

    @Test("an idle connection has no deadline of its own and holds no buffer")
    func rests() throws {
        let test = try idle()
        test.loop.advance(by: 100_000 * second)
        #expect(test.connection.isReusable)
        #expect(test.loop.buffers.lent == 0)
        #expect(test.idleEnds == 0)
    }

    @Test("a cancelled exchange closes the connection and tells nobody")
    func cancelled() throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.connection.cancel()
        test.loop.advance(by: 100 * second)
        #expect(exchange.events.isEmpty)
        #expect(test.idleEnds == 0)
        _ = test.service.receive()
        #expect(test.service.sawEnd)
    }

    @Test("an exchange may be cancelled from any of its callbacks")
    func cancelAnywhere() throws {
        for place in 0..<3 {
            let test = try ClientUnderTest()
            let exchange = ClientRecorder()
            if place == 0 { exchange.onBegin = { $0.cancel() } }
            if place == 1 { exchange.onBody = { $0.cancel() } }
            if place == 2 { exchange.onEnd = { $0.cancel() } }
            _ = test.send(.get, exchange)
            test.hear("HTTP/1.1 100 Continue\r\n\r\n" + ok("abc") + ok("next"))
            #expect(test.connection.isClosed)
            #expect(exchange.failure == nil)
            #expect(test.loop.buffers.lent == 0)
        }
    }
}
