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

    @Test("a body that comes slowly but comes has its time")
    func bodyComes() throws {
        let test = try serve()
        _ = test.ask(post("/body", "Content-Length: 20480"))
        for _ in 0..<20 {
            test.loop.advance(by: 25 * second)
            test.client.send([UInt8](repeating: 120, count: 1024))
            test.loop.settle()
        }
        #expect(test.heard() == ok("20480"))
        test.context.closeAll()
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
