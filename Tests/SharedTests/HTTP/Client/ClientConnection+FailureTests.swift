import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("ClientConnection: failures")
struct ClientConnectionFailureTests {
    @Test(
        "a body that is cut short is a failure, never a shorter body",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ])
    func truncated(_ response: String) throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.service.send(response)
        test.service.close()
        test.loop.settle()
        #expect(exchange.events == ["begin 200", "fail"])
        #expect(exchange.failure == ClientFailure(kind: .closed, hadResponse: true, wasReused: false))
        #expect(test.connection.isClosed)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("a body until the close that ends in a reset is a failure")
    func resetUntilClose() throws {
        let test = try ClientUnderTest(.tcp)
        let exchange = test.send()
        test.hear("HTTP/1.1 200 OK\r\n\r\nsome")
        #expect(test.loop.turn { exchange.text == "some" })
        test.service.reset()
        #expect(test.loop.turn { exchange.failure != nil })
        #expect(exchange.events == ["begin 200", "fail"])
    }

    @Test("a service that closes before it answers: whether a byte came, and whether the connection was used, is told")
    func closedBefore() throws {
        for (response, had) in [("", false), ("HTTP/1.1 2", true), ("HTTP/1.1 100 Continue\r\n\r\n", true)] {
            for reused in [false, true] {
                let test = try ClientUnderTest()
                if reused {
                    _ = test.send()
                    test.hear(ok("x"))
                }
                let exchange = test.send()
                test.service.send(response)
                test.service.close()
                test.loop.settle()
                #expect(exchange.failure == ClientFailure(kind: .closed, hadResponse: had, wasReused: reused))
                #expect(test.idleEnds == 0)
            }
        }
    }

    @Test(
        "a malformed response is a failure, and its connection closed",
        arguments: [
            ("garbage\r\n\r\n", MessageFault.statusLine), ("HTTP/1.1 200 OK\n\n", .lineEnding),
            ("HTTP/2.0 200 OK\r\n\r\n", .version),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .contentLength),
            ("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", .fieldName),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\n", .chunkSize),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", .chunkEnding),
            ("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 17_000), .lineTooLong),
        ])
    func malformed(_ response: String, _ fault: MessageFault) throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear(response)
        #expect(exchange.failure == ClientFailure(kind: .malformed(fault), hadResponse: true, wasReused: false))
        #expect(test.connection.isClosed)
        _ = test.service.receive()
        #expect(test.service.sawEnd || test.service.failure != 0)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("no answer within the time is a failure, also when it comes byte by byte")
    func timeout() throws {
        let silent = try ClientUnderTest()
        let first = silent.send()
        silent.loop.advance(by: 29 * second)
        #expect(first.failure == nil)
        silent.loop.advance(by: 2 * second)
        #expect(first.failure == ClientFailure(kind: .timeout, hadResponse: false, wasReused: false))

        let slow = try ClientUnderTest()
        let second1 = slow.send()
        for byte in "HTTP/1.1 200 OK".utf8 where second1.failure == nil {
            slow.service.send([byte])
            slow.loop.advance(by: 3 * second)
        }
        #expect(second1.failure == ClientFailure(kind: .timeout, hadResponse: true, wasReused: false))
    }

    @Test("interim responses without end do not put off the deadline")
    func endlessInterim() throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        for _ in 0..<40 where exchange.failure == nil {
            test.service.send("HTTP/1.1 102 Processing\r\n\r\n")
            test.loop.advance(by: second)
        }
        #expect(exchange.failure?.kind == .timeout)
    }

    @Test("a body that stops is a failure; one that comes slowly, or is paused, is not")
    func bodyTimeout() throws {
        let test = try ClientUnderTest()
        let exchange = test.send()
        test.hear("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in 0..<5 {
            test.loop.advance(by: 25 * second)
            test.hear("x")
        }
        test.connection.pause()
        test.loop.advance(by: 1000 * second)
        test.connection.resume()
        #expect(exchange.failure == nil)
        test.loop.advance(by: 31 * second)
        #expect(exchange.failure == ClientFailure(kind: .timeout, hadResponse: true, wasReused: false))
    }

    @Test("the time for an answer begins when the request has ended")
    func requestTakesTime() throws {
        let test = try ClientUnderTest()
        let exchange = test.send(.post, ends: false)
        test.loop.advance(by: 25 * second)
        test.connection.extendDeadline()
        test.loop.advance(by: 25 * second)
        test.connection.endRequest()
        test.loop.advance(by: 25 * second)
        test.hear(ok("x"))
        #expect(exchange.events == ["begin 200", "end"])
    }

    @Test("connecting: refused, and open")
    func connecting() throws {
        let loop = try makeLoop()
        var inProgress = false
        let port = try TestListener.tcp().port  // Closed again at once: nobody listens there.
        let refused = try ClientConnection(
            loop: loop, descriptor: unsafe postern_connect_tcp("127.0.0.1", port, &inProgress), isConnecting: true)
        let first = ClientRecorder()
        refused.begin(first, method: .get, connectDeadline: second, responseDeadline: second)
        #expect(loop.turn { first.failure != nil })
        #expect(
            first.failure
                == ClientFailure(kind: .connect(ECONNREFUSED), hadResponse: false, wasReused: false, wasSent: false))

        let listener = try TestListener.tcp()
        let connection = try ClientConnection(loop: loop, descriptor: listener.connect(), isConnecting: true)
        let exchange = ClientRecorder()
        connection.begin(exchange, method: .get, connectDeadline: second, responseDeadline: 30 * second)
        connection.stream.append("GET")
        connection.endRequest()
        #expect(loop.turn { exchange.events == ["open"] })
        // The time for connecting is over; that for the answer has begun.
        loop.advance(by: 20 * second)
        #expect(exchange.failure == nil)
        connection.cancel()
        #expect(loop.buffers.lent == 0)
    }

    @Test("connecting: the time runs out")
    func connectTimeout() throws {
        let loop = try makeLoop()
        let (descriptor, peer) = try Transport.unix.pair()
        // A connection that stays under way: one whose socket takes no more bytes tells no writability.
        let filler = pattern(1_000_000)
        while unsafe write(descriptor, filler, filler.count) > 0 {}
        let connection = try ClientConnection(loop: loop, descriptor: descriptor, isConnecting: true)
        let exchange = ClientRecorder()
        connection.begin(exchange, method: .get, connectDeadline: 3 * second, responseDeadline: 30 * second)
        loop.advance(by: 4 * second)
        #expect(
            exchange.failure
                == ClientFailure(kind: .connectTimeout, hadResponse: false, wasReused: false, wasSent: false))
        withExtendedLifetime(peer) {}
    }
}
