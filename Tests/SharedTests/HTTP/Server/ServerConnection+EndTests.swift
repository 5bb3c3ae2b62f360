import Testing

@testable import Shared

@Suite("ServerConnection: ends, drain, linger")
struct ServerConnectionEndTests {
    @Test("one who asks and says at once that no more comes is answered all the same", arguments: Transport.allCases)
    func halfClosed(_ transport: Transport) throws {
        for request in [ask("/a"), "GET /a HTTP/1.0\r\n\r\n", ask("/b") + ask("/a")] {
            let test = try ServerUnderTest(transport)
            test.client.send(request)
            test.client.finishWriting()
            var answer = ""
            #expect(
                test.loop.turn {
                    answer += test.client.receiveText()
                    return test.client.sawEnd
                })
            #expect(answer.hasSuffix("\r\n\r\n/a"))
            #expect(test.loop.turn { test.application.closed == 1 })
            #expect(test.loop.buffers.lent == 0)
        }
    }

    @Test("one who half-closed is answered when the application is ready, also with a long answer")
    func halfClosedLater() throws {
        let test = try ServerUnderTest()
        test.client.send(ask("/wait") + ask("/next"))
        test.client.finishWriting()
        test.loop.settle()
        test.application.exchanges[0].answer(String(repeating: "x", count: 1_000_000))
        var answer = ""
        #expect(
            test.loop.turn {
                answer += test.client.receiveText()
                return test.client.sawEnd
            })
        #expect(answer.utf8.count == ok(String(repeating: "x", count: 1_000_000)).utf8.count + ok("/next").utf8.count)
        #expect(test.isGone())
    }

    @Test("a client that leaves cancels the request under way, also when it left with its last byte")
    func hangUp() throws {
        for atOnce in [false, true] {
            let test = try ServerUnderTest()
            test.client.send(ask("/wait"))
            if !atOnce { test.loop.settle() }
            test.client.close()
            test.loop.settle()
            #expect(test.application.exchanges.map(\.cancelled) == [1])
            #expect(test.application.closed == 1)
            #expect(test.loop.buffers.lent == 0)
        }
    }

    @Test("a client that resets cancels the request under way once the answer cannot be written")
    func reset() throws {
        let test = try ServerUnderTest(.tcp)
        test.client.send(ask("/wait"))
        #expect(test.loop.turn { test.application.exchanges.count == 1 })
        test.client.reset()
        #expect(test.loop.turn { test.application.closed == 1 })
        #expect(test.application.exchanges[0].cancelled == 1)
    }

    @Test("drain: idle connections of TCP, and new ones, have a grace for requests that are on their way")
    func drainIdle() throws {
        let test = try ServerUnderTest(.tcp) { $0.drainGrace = 500 * millisecond }
        test.client.send(ask("/a"))
        var heard = ""
        func hear(_ text: String) -> Bool {
            test.loop.turn {
                heard += test.client.receiveText()
                return heard == text
            }
        }
        #expect(hear(ok("/a")))
        test.context.drain()
        test.loop.advance(by: 400 * millisecond)
        test.client.send(ask("/b"))
        #expect(hear(ok("/a") + ok("/b", "Connection: close")))

        let silent = try ServerUnderTest { $0.drainGrace = 500 * millisecond }
        silent.context.drain()
        silent.loop.advance(by: 400 * millisecond)
        #expect(silent.application.closed == 0)
        silent.loop.advance(by: 600 * millisecond)
        #expect(silent.isGone())
    }

    @Test("drain: a request under way is answered with Connection: close")
    func drainBusy() throws {
        let test = try ServerUnderTest()
        var closings = 0
        test.context.connectionClosed = { closings += 1 }
        _ = test.ask(ask("/wait"))
        test.context.drain()
        test.loop.advance(by: 3600 * second)
        #expect(test.application.closed == 0)
        test.application.exchanges[0].answer("x")
        #expect(test.heard() == ok("x", "Connection: close"))
        _ = test.client.receive()
        #expect(test.client.sawEnd)
        test.client.close()
        test.loop.settle()
        #expect(test.isGone() || closings == 1)
        #expect(closings == 1)
    }

    @Test("drain: a connection that comes late is served once")
    func drainLate() throws {
        let test = try ServerUnderTest()
        test.context.closeAll()
        test.context.drain()
        let (descriptor, client) = try Transport.unix.pair()
        _ = try test.context.open(descriptor: descriptor)
        client.send(ask("/late"))
        test.loop.settle()
        #expect(client.receiveText() == ok("/late", "Connection: close"))
    }

    @Test("linger: what still comes is dropped, up to a bound and for a while")
    func linger() throws {
        for (isLong, isSlow) in [(true, false), (false, true)] {
            let test = try ServerUnderTest {
                $0.lingerBytes = 100_000
                $0.lingerDeadline = 2 * second
            }
            let answer = test.ask(post("/early", "Content-Length: 1000000"))
            #expect(answer == ok("/early", "Connection: close"))
            #expect(test.application.closed == 0)
            if isLong {
                for _ in 0..<11 {
                    test.client.send(pattern(10_000))
                    test.loop.settle(3)
                }
            }
            if isSlow { test.loop.advance(by: 3 * second) }
            #expect(test.application.closed == 1)
            #expect(test.loop.buffers.lent == 0)
            test.client.close()
        }
    }

    @Test("an application may close a connection from any callback")
    func abortAnywhere() throws {
        for place in 0..<4 {
            let test = try ServerUnderTest()
            test.application.onRequest = { exchange in
                let connection = exchange.connection
                if place == 0 { return connection.abort() }
                exchange.onBody = { _ in if place == 1 { connection.abort() } }
                exchange.onEnd = { if place == 2 { connection.abort() } else { exchange.answer("x") } }
                connection.readBody()
                if place == 3 { connection.breakOff() }
            }
            test.client.send(post("/", "Content-Length: 5", body: "hello") + ask("/next"))
            test.loop.settle()
            #expect(test.application.closed == 1)
            #expect(test.application.exchanges.count <= (place == 3 ? 2 : 1))
            #expect(test.loop.buffers.lent == 0)
        }
    }
}
