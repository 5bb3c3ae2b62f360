import Testing

@testable import Shared

@Suite("ServerConnection: request bodies")
struct ServerConnectionBodyTests {
    @Test("a body of a length, in one packet or byte by byte")
    func length() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(post("/body", "Content-Length: 5", body: "hello")) == ok("5"))
        #expect(test.ask(post("/body", "Content-Length: 0")) == ok("0"))
        for byte in post("/body", "Content-Length: 5", body: "hello").utf8 {
            test.client.send([byte])
            test.loop.turn(waitingAtMost: 0)
        }
        #expect(test.heard() == ok("5"))
        #expect(test.application.exchanges.map(\.body) == [Array("hello".utf8), [], Array("hello".utf8)])
        #expect(test.application.exchanges.map(\.ended) == [1, 1, 1])
        test.context.closeAll()
        #expect(test.isGone())
    }

    @Test("a chunked body, with the next request right behind it")
    func chunked() throws {
        let test = try ServerUnderTest()
        let body = "3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: a\r\n\r\n"
        #expect(
            test.ask(post("/body", "Transfer-Encoding: chunked", body: body) + ask("/next")) == ok("5") + ok("/next"))
        for byte in post("/body", "Transfer-Encoding: chunked", body: body).utf8 {
            test.client.send([byte])
            test.loop.turn(waitingAtMost: 0)
        }
        #expect(test.heard() == ok("5"))
        #expect(test.application.exchanges.last?.body == Array("hello".utf8))
        test.context.closeAll()
    }

    @Test("a long body passes through, paused and resumed, with every byte", arguments: Transport.allCases)
    func long(_ transport: Transport) throws {
        let test = try ServerUnderTest(transport)
        let content = pattern(3_000_000)
        test.application.onRequest = { exchange in
            exchange.onBody = { _ in exchange.connection.pauseBody() }
            exchange.onEnd = { exchange.answer("\(exchange.body.count)") }
            exchange.connection.readBody()
        }
        test.client.send(post("/", "Content-Length: \(content.count)"))
        var sent = 0
        var answer = ""
        #expect(
            test.loop.turn {
                if sent < content.count {
                    sent += test.client.send(Array(content[sent..<min(sent + 200_000, content.count)]))
                }
                test.application.exchanges.first?.connection.resumeBody()
                answer += test.client.receiveText()
                return !answer.isEmpty
            })
        #expect(answer == ok("3000000"))
        #expect(areSame(test.application.exchanges[0].body, content))
        #expect(test.loop.buffers.lent == 0)
        test.context.closeAll()
    }

    @Test("nothing of the body is read before it is asked for, and the head stays")
    func unread() throws {
        let test = try ServerUnderTest()
        _ = test.ask(post("/wait", "Content-Length: 5", body: "hello"))
        let exchange = try #require(test.application.exchanges.first)
        #expect(exchange.connection.withHead { $0.byteCount } > 0)
        #expect(!exchange.connection.requestEnded)
        exchange.connection.readBody()
        #expect(exchange.body == Array("hello".utf8))
        #expect(exchange.ended == 1)
        exchange.answer("x")
        #expect(test.heard() == ok("x"))
        test.context.closeAll()
    }

    @Test("content that nobody takes is never read as the next request")
    func unclaimed() throws {
        let test = try ServerUnderTest()
        test.application.onRequest = { exchange in
            // Wrong of the application, and it must not become a hole.
            exchange.connection.exchange = nil
            exchange.connection.readBody()
        }
        let smuggled = ask("/smuggled")
        _ = test.ask(post("/", "Content-Length: \(smuggled.utf8.count)", body: smuggled))
        #expect(test.application.targets == ["/"])
        #expect(test.connection.requestEnded)
        test.connection.respond(error: "x", status: 500)
        _ = test.ask(ask("/next"))
        #expect(test.application.targets == ["/", "/next"])
        test.context.closeAll()
    }

    @Test("100 Continue is sent once, when asked for, and before the answer only")
    func expectContinue() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(post("/wait", "Content-Length: 5", "Expect: 100-continue")) == "")
        test.application.exchanges[0].connection.sendContinue()
        test.application.exchanges[0].connection.sendContinue()
        #expect(test.heard() == "HTTP/1.1 100 Continue\r\n\r\n")
        test.application.exchanges[0].connection.readBody()
        _ = test.ask("hello")
        #expect(test.application.exchanges[0].ended == 1)
        test.application.exchanges[0].answer("done")
        #expect(test.heard() == ok("done"))
        // Nobody waits for it, or the body is there already.
        _ = test.ask(post("/wait", "Content-Length: 5", body: "hello"))
        test.application.exchanges[1].connection.sendContinue()
        #expect(test.heard() == "")
        test.context.closeAll()
    }

    @Test("an answer instead of 100 Continue closes: nobody knows whether the body comes")
    func expectRefused() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(post("/no", "Content-Length: 5", "Expect: 100-continue")) == ok("/no", "Connection: close"))
        #expect(test.ask("hello" + ask("/smuggled")) == "")
        #expect(test.application.targets == ["/no"])
        _ = test.client.receive()
        #expect(test.client.sawEnd)
    }

    @Test(
        "an answer while the body still comes says that the connection closes, and reaches the client",
        arguments: Transport.allCases)
    func earlyAnswer(_ transport: Transport) throws {
        let test = try ServerUnderTest(transport)
        test.application.onRequest = { exchange in
            exchange.onBody = { _ in
                if exchange.ended == 0, !exchange.connection.hasResponse { exchange.answer("enough") }
            }
            exchange.connection.readBody()
        }
        test.client.send(post("/", "Content-Length: 1000000"))
        var answer = ""
        let piece = pattern(10_000)
        #expect(
            test.loop.turn {
                if !test.client.sawEnd { test.client.send(piece) }
                answer += test.client.receiveText()
                return test.client.sawEnd
            })
        #expect(answer == ok("enough", "Connection: close"))
        #expect(test.client.failure == 0)
        test.client.close()
        #expect(test.loop.turn { test.application.closed == 1 })
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("a client that leaves in the middle of its body cancels the exchange")
    func cutShort() throws {
        for body in ["hel", ""] {
            let test = try ServerUnderTest()
            _ = test.ask(post("/body", "Content-Length: 5", body: body))
            test.client.finishWriting()
            test.loop.settle()
            #expect(test.application.exchanges[0].cancelled == 1)
            #expect(test.application.exchanges[0].ended == 0)
            #expect(test.isGone())
        }
    }

    @Test("malformed chunks are refused with 400, and the exchange is cancelled")
    func malformedChunks() throws {
        let test = try ServerUnderTest()
        let answer = test.ask(
            post("/body", "Transfer-Encoding: chunked", body: "5\r\nhello\r\n0x3\r\nabc\r\n") + ask("/smuggled"))
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(answer.contains("Connection: close\r\n"))
        #expect(test.application.refusals == [.chunkSize])
        #expect(test.application.exchanges.map(\.cancelled) == [1])
        _ = test.client.receive()
        #expect(test.client.sawEnd)
    }
}
