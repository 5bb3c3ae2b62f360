import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("Stream: ends, resets, connecting")
struct StreamEndTests {
    @Test(
        "a half-closed peer is told of after its last byte, and can still be written to", arguments: Transport.allCases)
    func halfClose(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        test.peer.send("last")
        test.peer.finishWriting()
        #expect(test.loop.turn { test.recorder.ended == 1 })
        #expect(test.recorder.text == "last")
        test.stream.append("answer")
        test.loop.settle()
        #expect(test.peer.receiveText() == "answer")
        test.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("an end that came while paused is told when reading goes on", arguments: Transport.allCases)
    func halfCloseWhilePaused(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        test.stream.wantsInput = false
        test.peer.send("last")
        test.peer.finishWriting()
        test.loop.settle()
        #expect(test.recorder.ended == 0)
        test.stream.wantsInput = true
        #expect(test.loop.turn { test.recorder.ended == 1 })
        #expect(test.recorder.text == "last")
        test.stream.close()
    }

    @Test("a peer that hangs up while reading is paused is told of")
    func hangUpWhilePaused() throws {
        let test = try StreamUnderTest()
        test.stream.wantsInput = false
        test.peer.close()
        test.loop.settle()
        #expect(test.recorder.hungUp == 1)
        test.stream.close()
    }

    @Test("a peer that sends and hangs up at once is told of although its bytes paused the reading")
    func hangUpWithItsLastBytes() throws {
        let test = try StreamUnderTest()
        test.recorder.onRead = { $0.wantsInput = false }
        test.peer.send("request")
        test.peer.close()
        test.loop.settle()
        #expect(test.recorder.text == "request")
        #expect(test.recorder.hungUp == 1)
        test.stream.close()
    }

    @Test("a reset is a failure, and the stream is closed")
    func reset() throws {
        let test = try StreamUnderTest(.tcp)
        test.stream.append("unread by the peer")
        test.loop.settle()
        test.peer.reset()
        #expect(test.loop.turn { !test.recorder.failures.isEmpty })
        #expect(test.recorder.failures.first?.code == ECONNRESET)
        #expect(test.stream.isClosed)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("writing to a peer that is gone fails once, when nothing can be read either")
    func writeToGone() throws {
        let test = try StreamUnderTest()
        test.stream.wantsInput = false
        test.peer.close()
        test.stream.append("nobody reads this")
        test.loop.settle()
        #expect(test.recorder.failures.map(\.code) == [EPIPE])
        #expect(test.stream.isClosed)
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("what a peer said before it closed is read although writing to it fails", arguments: Transport.allCases)
    func readsLastWords(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        // The peer's socket is full: bytes wait for it while it answers early and closes.
        test.stream.wantsInput = false
        test.stream.append(pattern(8 * 1024 * 1024))
        test.loop.settle()
        #expect(test.stream.outputCount > 0)
        test.peer.send("enough")
        test.stream.wantsInput = true
        test.peer.close()
        #expect(test.loop.turn { test.stream.isClosed || test.recorder.ended > 0 })
        #expect(test.recorder.text == "enough")
        test.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("connecting is told, and what was written before leaves then", arguments: Transport.allCases)
    func connects(_ transport: Transport) throws {
        let loop = try makeLoop()
        let listener = transport == .tcp ? try TestListener.tcp() : try TestListener.unix()
        let stream = try Stream(loop: loop, descriptor: listener.connect(), isConnecting: true)
        let recorder = StreamRecorder()
        stream.delegate = recorder
        stream.append("early")
        #expect(loop.turn { recorder.connected == 1 })
        let peer = Peer(try listener.accept())
        #expect(loop.turn { stream.outputCount == 0 })
        #expect(peer.receiveText() == "early")
        peer.send("back")
        #expect(loop.turn { recorder.text == "back" })
        stream.close()
    }

    @Test("a refused connection is a failure of connecting")
    func refused() throws {
        let loop = try makeLoop()
        var inProgress = false
        let port = try TestListener.tcp().port  // Closed again at once: nobody listens there.
        let descriptor = unsafe postern_connect_tcp("127.0.0.1", port, &inProgress)
        try #require(descriptor >= 0)
        let stream = try Stream(loop: loop, descriptor: descriptor, isConnecting: true)
        let recorder = StreamRecorder()
        stream.delegate = recorder
        #expect(loop.turn { !recorder.failures.isEmpty })
        #expect(recorder.failures == [LoopError(call: "connect", code: ECONNREFUSED)])
        #expect(recorder.connected == 0)
        #expect(stream.isClosed)
    }
}
