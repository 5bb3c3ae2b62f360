import Glibc
import Testing

@testable import Shared

@Suite("ServerConnection: a client that says it sends no more, and may have left")
struct ServerConnectionDepartureTests {
    private let interim = "HTTP/1.1 100 Continue\r\n\r\n"

    /// A connection whose request is under way and whose client has ended its side.
    private func waiting(
        _ request: String = ask("/wait"), transport: Transport = .tcp, leaving: Bool
    ) throws -> ServerUnderTest {
        let test = try ServerUnderTest(transport)
        test.client.send(request)
        #expect(test.loop.turn { test.application.exchanges.count == 1 })
        if leaving { test.client.close() } else { test.client.finishWriting() }
        // The end is on its way through the kernel: a turn that has an event is the one.
        for _ in 0..<5 { test.loop.turn(waitingAtMost: 20 * millisecond) }
        return test
    }

    private func heard(_ test: ServerUnderTest, _ count: Int) -> String {
        var text = ""
        _ = test.loop.turn {
            text += test.client.receiveText()
            return text.utf8.count >= count || test.client.sawEnd
        }
        return text
    }

    @Test("one who left is found out by an interim response after a second, and its request is cancelled")
    func left() throws {
        let test = try waiting(leaving: true)
        #expect(test.application.closed == 0)
        test.loop.advance(by: 2 * second)
        #expect(test.loop.turn { test.application.closed == 1 })
        #expect(test.application.exchanges[0].cancelled == 1)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("one who reads on gets the interim response once, and then its answer")
    func readsOn() throws {
        let test = try waiting(leaving: false)
        test.loop.advance(by: 2 * second)
        test.loop.advance(by: 1000 * second)
        #expect(heard(test, interim.utf8.count) == interim)
        test.application.exchanges[0].answer("late")
        #expect(heard(test, 1000) == ok("late"))
        #expect(test.client.sawEnd)
        #expect(test.application.exchanges[0].cancelled == 0)
    }

    @Test("one who is answered within the second gets nothing else")
    func answeredSoon() throws {
        let test = try waiting(leaving: false)
        test.application.exchanges[0].answer("soon")
        #expect(heard(test, 1000) == ok("soon"))
        #expect(test.loop.turn { test.application.closed == 1 })
    }

    @Test("HTTP/1.0 knows no interim response, and gets none")
    func old() throws {
        let test = try waiting("GET /wait HTTP/1.0\r\n\r\n", leaving: false)
        test.loop.advance(by: 2 * second)
        test.application.exchanges[0].answer("late")
        #expect(heard(test, 1000) == ok("late", "Connection: close"))
    }

    @Test("an answer that has begun is not interrupted")
    func begun() throws {
        let test = try waiting(leaving: false)
        test.connection.beginResponse(200)
        test.connection.endHead(.length(3))
        test.loop.advance(by: 2 * second)
        test.connection.sendContent(Array("abc".utf8))
        test.connection.endResponse()
        #expect(heard(test, 1000) == ok("abc"))
    }

    @Test("over a Unix socket nobody has to be asked")
    func unixSocket() throws {
        let test = try waiting(transport: .unix, leaving: false)
        test.loop.advance(by: 2 * second)
        #expect(test.heard() == "")
        test.client.close()
        test.loop.settle()
        #expect(test.application.exchanges[0].cancelled == 1)
    }

    @Test("the kernel asks, and soon, whether one who sends no more is still there")
    func keepAlive() throws {
        let test = try waiting(leaving: false)
        #expect(socketOption(test.connection.stream.descriptor, SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(socketOption(test.connection.stream.descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 10)
        test.context.closeAll()
    }
}
