import Testing

@testable import Shared

@Suite("ServerConnection: deadlines")
struct ServerConnectionDeadlineTests {
    private func serve(_ transport: Transport = .unix) throws -> ServerUnderTest {
        try ServerUnderTest(transport) {
            $0.headDeadline = 10 * second
            $0.idleDeadline = 75 * second
            $0.bodyDeadline = 30 * second
            $0.writeDeadline = 20 * second
            $0.lingerDeadline = 2 * second
        }
    }

    @Test("a connection without a byte is closed after the time for a head")
    func silent() throws {
        let test = try serve()
        test.loop.advance(by: 9 * second)
        #expect(test.application.closed == 0)
        test.loop.advance(by: 2 * second)
        #expect(test.isGone())
    }

    @Test("a head that comes too slowly is answered with 408, however it is spread")
    func slowHead() throws {
        for before in [false, true] {
            let test = try serve()
            if before { #expect(test.ask(ask("/before")) == ok("/before")) }
            for byte in "GET / HTTP".utf8 {
                test.client.send([byte])
                test.loop.advance(by: second)
            }
            test.loop.advance(by: second)
            #expect(test.heard().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(test.client.sawEnd)
        }
    }

    @Test("empty lines do not keep a connection")
    func emptyLines() throws {
        let test = try serve()
        for _ in 0..<12 {
            test.client.send("\r\n")
            test.loop.advance(by: second)
        }
        #expect(test.isGone())
    }

    @Test("between requests there is more time, and each request begins it anew")
    func idle() throws {
        let test = try serve()
        for _ in 0..<3 {
            #expect(test.ask(ask("/")) == ok("/"))
            test.loop.advance(by: 70 * second)
        }
        #expect(test.application.closed == 0)
        test.loop.advance(by: 6 * second)
        #expect(test.isGone())
    }

    @Test("while the application works no deadline runs")
    func working() throws {
        let test = try serve()
        _ = test.ask(ask("/wait"))
        test.loop.advance(by: 10_000 * second)
        test.application.exchanges[0].answer("late")
        #expect(test.heard() == ok("late"))
        test.context.closeAll()
    }

    @Test("a body that stops is answered with 408, on the first request and on the second")
    func bodyStops() throws {
        for before in [false, true] {
            let test = try serve()
            if before { #expect(test.ask(ask("/before")) == ok("/before")) }
            _ = test.ask(post("/body", "Content-Length: 5000", body: "hel"))
            test.loop.advance(by: 29 * second)
            #expect(test.heard() == "")
            test.loop.advance(by: 2 * second)
            #expect(test.heard().hasPrefix("HTTP/1.1 408 "))
            #expect(test.application.exchanges.last?.cancelled == 1)
        }
    }

    @Test("a byte of the body now and then does not hold the connection for ever")
    func bodyTrickles() throws {
        for framing in ["Content-Length: 5000", "Transfer-Encoding: chunked"] {
            let test = try serve()
            _ = test.ask(post("/body", framing))
            var answer = ""
            for _ in 0..<4 where answer.isEmpty {
                test.client.send(framing.hasPrefix("C") ? "x" : "1\r\nx\r\n")
                test.loop.advance(by: 10 * second)
                answer += test.heard()
            }
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test("a body that comes slowly, but at its rate, has its time")
    func bodyComes() throws {
        let test = try serve()
        _ = test.ask(post("/body", "Content-Length: 300000"))
        for _ in 0..<20 {
            test.loop.advance(by: 25 * second)
            test.client.send([UInt8](repeating: 120, count: 15_000))
            test.loop.settle()
        }
        #expect(test.heard() == ok("300000"))
        #expect(test.context.limitHits.slowBodies == 0)
        test.context.closeAll()
    }

    @Test("a body that stays below its rate ends with 408 and close, and is counted", arguments: [499, 1])
    func bodyBelowRate(_ rate: Int) throws {
        let test = try serve()
        _ = test.ask(post("/body", "Content-Length: 300000"))
        var answer = ""
        for _ in 0..<40 where answer.isEmpty {
            test.client.send([UInt8](repeating: 120, count: rate))
            test.loop.advance(by: second)
            answer += test.heard()
        }
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(test.client.sawEnd)
        #expect(test.context.limitHits.slowBodies == 1)
    }

    @Test("a short body may take all of the time, whatever its rate")
    func shortBody() throws {
        let test = try serve()
        _ = test.ask(post("/body", "Content-Length: 4", body: "abc"))
        test.loop.advance(by: 29 * second)
        test.client.send("d")
        #expect(test.heard() == ok("4"))
        test.context.closeAll()
    }

    @Test("a rate of nothing asks for one byte in all the time")
    func noRate() throws {
        let test = try ServerUnderTest { $0.bodyRate = 0 }
        _ = test.ask(post("/body", "Content-Length: 5000"))
        for _ in 0..<20 {
            test.loop.advance(by: 29 * second)
            test.client.send("x")
            test.loop.settle()
        }
        #expect(test.heard() == "")
        test.loop.advance(by: 31 * second)
        #expect(test.heard().hasPrefix("HTTP/1.1 408 "))
    }

    @Test("what was too slow, and what was idle, is counted by its kind")
    func counted() throws {
        let silent = try serve()
        silent.loop.advance(by: 11 * second)
        #expect(silent.context.limitHits.slowHeads == 1)
        let head = try serve()
        _ = head.ask("GET / HT")
        head.loop.advance(by: 11 * second)
        #expect(head.context.limitHits.slowHeads == 1)
        let idle = try serve()
        _ = idle.ask(ask("/"))
        idle.loop.advance(by: 76 * second)
        #expect(idle.context.limitHits == hits { $0.idle = 1 })
    }

    private func hits(_ change: (inout LimitHits) -> Void) -> LimitHits {
        var hits = LimitHits()
        change(&hits)
        return hits
    }

    @Test("a client that waited for 100 has all its time from then on")
    func continued() throws {
        let test = try serve()
        _ = test.ask("POST /wait HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        let exchange = test.application.exchanges[0]
        exchange.connection.readBody()
        test.loop.advance(by: 25 * second)
        exchange.connection.sendContinue()
        test.loop.advance(by: 25 * second)
        #expect(test.heard() == "HTTP/1.1 100 Continue\r\n\r\n")
        test.client.send("hello")
        test.loop.settle()
        #expect(exchange.ended == 1)
        test.context.closeAll()
    }

    @Test("a drain's short deadlines count as nobody's slowness")
    func drained() throws {
        let test = try serve()
        _ = test.ask(ask("/"))
        let head = try serve()
        _ = head.ask("GET / HT")
        for each in [test, head] {
            each.context.drain()
            // Time for the last answer to leave, too.
            for _ in 0..<3 { each.loop.advance(by: 5 * second) }
            #expect(each.application.closed == 1)
            #expect(each.context.limitHits == hits { _ in })
        }
    }

    @Test("no deadline runs for a body while the application has paused it")
    func bodyPaused() throws {
        let test = try serve()
        _ = test.ask(post("/wait", "Content-Length: 5", body: "h"))
        let exchange = test.application.exchanges[0]
        exchange.connection.readBody()
        exchange.connection.pauseBody()
        test.loop.advance(by: 1000 * second)
        #expect(exchange.cancelled == 0)
        exchange.connection.resumeBody()
        test.loop.advance(by: 29 * second)
        test.client.send("ello")
        test.loop.settle()
        #expect(exchange.ended == 1)
        test.context.closeAll()
    }
}
