import Testing

@testable import Shared

@Suite("ClientConnection: exchanges")
struct ClientConnectionTests {
    @Test("a connection carries one exchange after the other", arguments: Transport.allCases)
    func reuse(_ transport: Transport) throws {
        let test = try ClientUnderTest(transport)
        for number in 0..<3 {
            #expect(test.connection.isReusable)
            let exchange = test.send()
            #expect(!test.connection.isReusable)
            test.service.send(ok("answer \(number)"))
            #expect(test.loop.turn { exchange.events == ["begin 200", "end"] })
            #expect(exchange.text == "answer \(number)")
            #expect(test.loop.buffers.lent == 0)
        }
        #expect(test.connection.exchangeCount == 3)
        #expect(test.connection.isReusable)
    }

    @Test(
        "a body ends where its framing says, and the connection can be used again",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""), ("HTTP/1.1 204 No Content\r\n\r\n", ""),
            ("HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n", ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n", "abcde"),
            ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", "hi"),
        ])
    func framings(_ response: String, _ content: String) throws {
        let whole = try ClientUnderTest()
        let first = whole.send()
        whole.hear(response)
        #expect(first.events.last == "end")
        #expect(first.text == content)
        #expect(whole.connection.isReusable)
        let pieces = try ClientUnderTest()
        let second = pieces.send()
        for byte in response.utf8 {
            pieces.service.send([byte])
            pieces.loop.turn(waitingAtMost: 0)
        }
        pieces.loop.settle()
        #expect(second.events == first.events)
        #expect(second.text == content)
        #expect(pieces.connection.isReusable)
    }

    @Test("the answer to HEAD has no body, whatever it says of one")
    func head() throws {
        let test = try ClientUnderTest()
        let exchange = test.send(.head)
        test.hear("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
        #expect(exchange.events == ["begin 200", "end"])
        #expect(test.connection.isReusable)
    }

    @Test("a body until the close ends with the connection, which is not used again", arguments: Transport.allCases)
    func untilClose(_ transport: Transport) throws {
        let test = try ClientUnderTest(transport)
        let exchange = test.send()
        test.service.send("HTTP/1.1 200 OK\r\n\r\nsome")
        test.service.send(" more")
        test.service.close()
        #expect(test.loop.turn { exchange.events == ["begin 200", "end"] })
        #expect(exchange.text == "some more")
        #expect(!test.connection.isReusable)
        #expect(test.connection.isClosed)
        #expect(test.idleEnds == 0)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("interim responses are told and passed over; they are no answer")
    func interim() throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok("x"))
        #expect(exchange.events == ["informed 100", "informed 103", "begin 200", "end"])
        #expect(test.connection.isReusable)
    }

    @Test("a 101 that nobody asked for is no answer")
    func unaskedSwitch() throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
        #expect(exchange.events == ["fail"])
        #expect(exchange.failure?.kind == .malformed(.upgrade))
        #expect(test.connection.isClosed)
    }

    @Test(
        "a 101 without Connection or Upgrade, or with framing, is no answer to an upgrade either",
        arguments: [
            "Upgrade: x\r\n", "Connection: upgrade\r\n", "Connection: upgrade\r\nUpgrade: x\r\nContent-Length: 0\r\n",
            "Connection: upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n",
        ])
    func malformedSwitch(_ fields: String) throws {
        let test = try ClientUnderTest()
        let exchange = test.send(mayUpgrade: true)
        test.hear("HTTP/1.1 101 Switching Protocols\r\n\(fields)\r\n")
        #expect(exchange.events == ["fail"])
    }

    @Test("after the 101 that was asked for the stream is the exchange's, with what came behind the head")
    func switchingProtocols() throws {
        let test = try ClientUnderTest()
        let exchange = test.send(mayUpgrade: true)
        test.hear("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhello")
        #expect(exchange.events == ["begin 101", "switch hello"])
        #expect(!test.connection.isReusable)
        #expect(!test.connection.stream.isClosed)
        test.connection.stream.close()
    }

    @Test(
        "a connection whose service will close is not used again",
        arguments: ["HTTP/1.1 200 OK\r\nConnection: close", "HTTP/1.0 200 OK"])
    func serviceCloses(_ head: String) throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear(head + "\r\nContent-Length: 1\r\n\r\nx")
        #expect(exchange.events == ["begin 200", "end"])
        #expect(!test.connection.isReusable)
    }

    @Test("a connection on which the request was not complete when its answer was is not used again")
    func earlyAnswer() throws {
        let test = try ClientUnderTest()
        let exchange = test.send(.post, ends: false)
        test.hear(ok("no"))
        #expect(exchange.events == ["begin 200", "end"])
        #expect(!test.connection.isReusable)
    }

    @Test("an early answer is heard although the rest of the request cannot be written", arguments: Transport.allCases)
    func earlyAnswerAndClose(_ transport: Transport) throws {
        let test = try ClientUnderTest(transport)
        let exchange = ClientRecorder()
        test.connection.begin(exchange, method: .post, connectDeadline: second, responseDeadline: 30 * second)
        test.connection.stream.append(pattern(8_000_000))
        test.loop.settle()
        test.service.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        test.service.close()
        #expect(test.loop.turn { exchange.events.contains("end") || exchange.failure != nil })
        #expect(exchange.events == ["begin 413", "end"])
        #expect(!test.connection.isReusable)
        test.connection.cancel()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("pausing holds the rest back, resuming gives it, to the last byte")
    func pause() throws {
        let test = try ClientUnderTest()
        let content = pattern(300_000)
        let exchange = ClientRecorder()
        exchange.onBody = { $0.pause() }
        exchange.onBegin = { $0.pause() }
        _ = test.send(.get, exchange)
        test.service.send("HTTP/1.1 200 OK\r\nContent-Length: \(content.count)\r\n\r\n")
        var sent = 0
        test.loop.settle()
        #expect(exchange.events == ["begin 200"])
        #expect(
            test.loop.turn {
                if sent < content.count { sent += test.service.send(Array(content[sent...])) }
                test.connection.resume()
                return exchange.events.last == "end"
            })
        #expect(areSame(exchange.body, content))
        #expect(test.connection.isReusable)
        test.loop.settle()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("content that nobody takes is dropped, not read again")
    func unclaimed() throws {
        for response in ["HTTP/1.1 200 OK\r\n\r\nabc", ok("abc")] {
            let test = try ClientUnderTest()
            let exchange = ClientRecorder()
            exchange.takesContent = false
            _ = test.send(.get, exchange)
            test.hear(response)
            test.service.close()
            test.loop.settle()
            #expect(exchange.events == ["begin 200", "end"])
        }
    }

    @Test("the next exchange may begin when the last one's end is told")
    func chained() throws {
        let test = try ClientUnderTest()
        let second = ClientRecorder()
        let first = ClientRecorder()
        first.onEnd = { [unowned test] _ in _ = test.connection.isReusable ? test.begin(second) : second }
        _ = test.send(.get, first)
        test.hear(ok("one"))
        test.hear(ok("two"))
        #expect(first.text == "one")
        #expect(second.text == "two")
    }
}

extension ClientUnderTest {
    /// Begins an exchange without turning the loop.
    func begin(_ recorder: ClientRecorder) -> ClientRecorder {
        connection.begin(recorder, method: .get, connectDeadline: 3 * second, responseDeadline: 30 * second)
        connection.stream.append("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.endRequest()
        return recorder
    }
}
