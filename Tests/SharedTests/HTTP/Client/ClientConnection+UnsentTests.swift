import Glibc
import Testing

@testable import Shared

@Suite("ClientConnection: requests of which no byte was taken")
struct ClientConnectionUnsentTests {
    private func begin(_ test: ClientUnderTest, _ recorder: ClientRecorder, _ text: String) {
        test.connection.begin(
            recorder, method: .post, connectDeadline: 3 * second, responseDeadline: 30 * second)
        test.connection.stream.append(Array(text.utf8))
        test.connection.endRequest()
    }

    @Test("a service that refuses input: the request was not sent, and can be written to another connection")
    func refused() throws {
        let test = try ClientUnderTest()
        _ = test.send()
        test.hear(ok("x"))
        shutdown(test.service.descriptor, Int32(SHUT_RD))
        let recorder = ClientRecorder()
        let text = post("/x", "Content-Length: 3", body: "abc")
        begin(test, recorder, text)
        test.loop.settle()
        #expect(
            recorder.failure == ClientFailure(kind: .closed, hadResponse: false, wasReused: true, wasSent: false))
        let other = try ClientUnderTest()
        // Of the same loop in truth; a test's buffers do not mind.
        other.connection.begin(
            recorder, method: .post, connectDeadline: 3 * second, responseDeadline: 30 * second)
        let unsent = try #require(test.connection.unsent)
        #expect(unsent.count == text.utf8.count)
        other.connection.stream.resend(unsent)
        other.connection.endRequest()
        other.loop.settle()
        #expect(other.service.receiveText() == text)
        #expect(unsent.count == 0)
    }

    @Test("so does one that has closed before the request is written, seen or not")
    func closed() throws {
        for isSeen in [false, true] {
            let test = try ClientUnderTest()
            _ = test.send()
            test.hear(ok("x"))
            if !isSeen { test.service.close() }
            let recorder = ClientRecorder()
            begin(test, recorder, "GET / HTTP/1.1\r\n\r\n")
            if isSeen { test.service.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n") }
            // The news and the end of the turn, in which the request is written, come in either order.
            test.loop.settle()
            #expect(recorder.failure?.kind == .closed)
            #expect(recorder.failure?.wasSent == false || isSeen)
        }
    }

    @Test("once a byte was taken, the request may have been received")
    func sent() throws {
        let test = try ClientUnderTest()
        let recorder = test.send(.post)
        test.service.close()
        test.loop.settle()
        #expect(recorder.failure == ClientFailure(kind: .closed, hadResponse: false, wasReused: false, wasSent: true))
        #expect(test.connection.unsent == nil)
        #expect(test.loop.buffers.lent == 0)
    }
}
