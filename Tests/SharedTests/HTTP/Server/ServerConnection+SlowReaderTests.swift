import Glibc
import Testing

@testable import Shared

@Suite("ServerConnection: clients that read slowly, or not at all")
struct ServerConnectionSlowReaderTests {
    private func serve() throws -> ServerUnderTest {
        try ServerUnderTest {
            $0.idleDeadline = 75 * second
            $0.writeDeadline = 20 * second
        }
    }

    /// Answers every request with `size` bytes.
    private func answer(_ test: ServerUnderTest, _ size: Int) -> String {
        let content = String(repeating: "x", count: size)
        test.application.onRequest = { $0.answer(content) }
        return content
    }

    @Test("requests are not read on behind answers that nobody takes, and go on when they are taken")
    func pipelinedWithoutReading() throws {
        let test = try serve()
        let content = answer(test, 10_000)
        let count = 3000
        let requests = Array(String(repeating: ask("/"), count: count).utf8)
        var sent = 0
        var peak = 0
        for _ in 0..<200 {
            if sent < requests.count { sent += test.client.send(Array(requests[sent...])) }
            test.loop.turn(waitingAtMost: 0)
            peak = max(peak, test.connection.stream.outputCount)
        }
        #expect(peak <= Stream.highMark + 20_000)
        #expect(test.application.exchanges.count < count / 2)
        var received = 0
        #expect(
            test.loop.turn {
                if sent < requests.count { sent += test.client.send(Array(requests[sent...])) }
                received += test.client.receive().count
                return test.application.exchanges.count == count
            })
        #expect(
            test.loop.turn {
                received += test.client.receive().count
                return received == count * ok(content).utf8.count
            })
        test.context.closeAll()
        #expect(test.isGone())
    }

    @Test("one who takes nothing of what waits for him is closed after the time for writing")
    func takesNothing() throws {
        let test = try serve()
        _ = answer(test, 3_000_000)
        test.client.send(ask("/"))
        test.loop.settle()
        #expect(test.connection.stream.outputCount > 0)
        // The connection is between requests; its own time is over before the answer has left.
        test.loop.advance(by: 76 * second)
        #expect(test.application.closed == 0)
        test.loop.advance(by: 21 * second)
        #expect(test.application.closed == 1)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("one who takes his last answer slowly gets all of it", arguments: ["keep-alive", "close"])
    func slowButReading(_ connection: String) throws {
        let test = try serve()
        let content = answer(test, 2_000_000)
        test.client.send(ask("/", "Connection: \(connection)"))
        test.loop.settle()
        var received: [UInt8] = []
        let length = (connection == "close" ? ok(content, "Connection: close") : ok(content)).utf8.count
        for _ in 0..<200 where received.count < length {
            received += test.client.receive(atMost: 100_000)
            test.loop.advance(by: 15 * second)
        }
        #expect(received.count == length)
        #expect(received.suffix(10) == Array(repeating: 120, count: 10)[...])
        if connection == "close" {
            _ = test.client.receive()
            #expect(test.client.sawEnd)
        }
        test.context.closeAll()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("one who takes his answer more slowly than its rate is broken off and counted", arguments: Transport.allCases)
    func belowRate(_ transport: Transport) throws {
        let test = try ServerUnderTest(transport) {
            $0.writeDeadline = 20 * second
            $0.writeRate = 50_000
        }
        let source = try StreamUnderTest(on: test.loop)
        source.recorder.takesInput = false
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.length(100_000_000))
        }
        test.client.send(ask("/"))
        #expect(test.loop.turn { test.application.exchanges.count == 1 })
        while test.connection.stream.outputCount < 4 * Stream.highMark {
            source.peer.send(pattern(100_000))
            test.loop.settle(3)
            test.connection.sendContent(source.stream.inputCount, from: source.stream)
        }
        var seconds = 0
        while test.application.closed == 0 && seconds < 100 {
            _ = test.client.receive(atMost: 10_000)
            test.loop.advance(by: second)
            seconds += 1
        }
        #expect((20...41).contains(seconds))
        #expect(test.context.limitHits.slowReaders == 1)
        #expect(test.application.exchanges[0].cancelled == 1)
        source.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("an answer that says nothing for long is no slow reader's")
    func silentStream() throws {
        let test = try serve()
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.unknown)
            exchange.connection.sendContent(Array("event".utf8))
        }
        #expect(test.ask(ask("/")).hasSuffix("5\r\nevent\r\n"))
        test.loop.advance(by: 100_000 * second)
        #expect(test.application.closed == 0)
        test.connection.sendContent(Array("later".utf8))
        #expect(test.heard() == "5\r\nlater\r\n")
        test.context.closeAll()
    }

    @Test("a last answer that nobody takes ends in a reset where the connection's end would be its own")
    func untakenLastAnswer() throws {
        let test = try ServerUnderTest(.tcp) { $0.writeDeadline = 20 * second }
        let content = String(repeating: "x", count: 30_000_000)
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.unknown)
            exchange.connection.sendContent(Array(content.utf8))
            exchange.connection.endResponse()
        }
        test.client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(test.loop.turn { test.application.exchanges.count == 1 })
        test.loop.settle()
        test.loop.advance(by: 21 * second)
        test.loop.advance(by: 21 * second)
        #expect(test.loop.turn { test.application.closed == 1 })
        #expect(
            test.loop.turn {
                _ = test.client.receive()
                return test.client.failure == ECONNRESET
            })
        #expect(!test.client.sawEnd)
    }

    @Test("an answer that passed the high mark is sent to its last byte before the connection closes")
    func lastAnswerIsWhole() throws {
        let test = try serve()
        let source = try StreamUnderTest(on: test.loop)
        source.recorder.takesInput = false
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.length(1_000_000))
        }
        _ = test.ask(ask("/", "Connection: close"))
        var passed = 0
        while passed < 1_000_000 {
            source.peer.send(pattern(min(100_000, 1_000_000 - passed)))
            test.loop.settle(3)
            passed += source.stream.inputCount
            test.connection.sendContent(source.stream.inputCount, from: source.stream)
        }
        #expect(test.connection.stream.isAboveHighMark)
        test.connection.endResponse()
        var received = 0
        #expect(
            test.loop.turn {
                received += test.client.receive(atMost: 20_000).count
                return test.client.sawEnd
            })
        #expect(received == 1_000_000)
        source.stream.close()
    }

    @Test(
        "the end of the request's body, or a pause of it, does not let off one who takes nothing",
        arguments: [false, true])
    func bodyEndsMeanwhile(pauses: Bool) throws {
        let test = try serve()
        let source = try StreamUnderTest(on: test.loop)
        source.recorder.takesInput = false
        test.application.onRequest = { exchange in
            exchange.connection.readBody()
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.unknown)
        }
        _ = test.ask("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhel")
        while test.connection.stream.outputCount < 4 * Stream.highMark {
            source.peer.send(pattern(100_000))
            test.loop.settle(3)
            test.connection.sendContent(source.stream.inputCount, from: source.stream)
        }
        if pauses {
            test.connection.pauseBody()
            test.connection.resumeBody()
        }
        test.client.send("lo")
        test.loop.settle()
        #expect(test.application.exchanges[0].ended == 1)
        test.loop.advance(by: 25 * second)
        #expect(test.application.closed == 1)
        #expect(test.context.limitHits.slowReaders == 1)
        source.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("the source of an answer pauses above the mark, is told when to go on, and closed on when nobody reads")
    func streamed() throws {
        let test = try serve()
        let source = try StreamUnderTest(on: test.loop)
        source.recorder.takesInput = false
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(200)
            exchange.connection.endHead(.unknown)
        }
        _ = test.ask(ask("/"))
        let exchange = test.application.exchanges[0]
        func fill() {
            while test.connection.stream.outputCount < 4 * Stream.highMark {
                source.peer.send(pattern(100_000))
                test.loop.settle(3)
                test.connection.sendContent(source.stream.inputCount, from: source.stream)
            }
        }
        fill()
        #expect(exchange.drained == 0)
        #expect(
            test.loop.turn {
                _ = test.client.receive(atMost: 100_000)
                return exchange.drained == 1
            })
        fill()
        test.loop.advance(by: 19 * second)
        _ = test.client.receive(atMost: 200_000)
        test.loop.advance(by: 5 * second)
        #expect(exchange.cancelled == 0)
        test.loop.advance(by: 25 * second)
        test.loop.advance(by: 25 * second)
        #expect(exchange.cancelled == 1)
        #expect(test.application.closed == 1)
        source.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }
}
