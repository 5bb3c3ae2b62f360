import Glibc
import Testing

@testable import Shared

@Suite("Stream: reading")
struct StreamTests {
    @Test("bytes arrive and the buffer goes back to the pool", arguments: Transport.allCases)
    func reads(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        test.peer.send("hello")
        #expect(test.loop.turn { test.recorder.text == "hello" })
        #expect(test.loop.buffers.lent == 0)
        test.stream.close()
    }

    @Test("what is not consumed stays in order, and its buffer is lent until it is")
    func keepsUnconsumed() throws {
        let test = try StreamUnderTest()
        test.recorder.takesInput = false
        test.peer.send("one")
        test.loop.settle()
        test.peer.send("two")
        test.loop.settle()
        #expect(test.stream.inputBytes == Array("onetwo".utf8))
        #expect(test.loop.buffers.lent == 1)
        test.stream.consume(3)
        #expect(test.stream.inputBytes == Array("two".utf8))
        test.stream.consume(3)
        #expect(test.loop.buffers.lent == 0)
        test.stream.close()
    }

    @Test("nothing is read while paused, and nothing is lost", arguments: Transport.allCases)
    func pauses(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        test.stream.wantsInput = false
        test.peer.send("later")
        test.loop.settle()
        #expect(test.recorder.reads == 0)
        test.stream.wantsInput = true
        #expect(test.loop.turn { test.recorder.text == "later" })
        test.stream.close()
    }

    @Test("pausing inside a callback leaves the rest in the socket; going on reads it without a new edge")
    func pausesInsideCallback() throws {
        let test = try StreamUnderTest()
        let sent = pattern(3 * BufferPool.smallSize)
        test.recorder.onRead = { $0.wantsInput = false }
        #expect(test.peer.send(sent) == sent.count)
        test.loop.settle()
        #expect(test.recorder.received.count == BufferPool.smallSize)
        test.stream.wantsInput = true
        test.loop.settle()
        test.stream.wantsInput = true
        test.loop.settle()
        #expect(areSame(test.recorder.received, sent))
        test.stream.close()
    }

    @Test("an input that fills up its largest buffer goes on once room is made")
    func goesOnAfterFull() throws {
        let test = try StreamUnderTest()
        test.recorder.takesInput = false
        let sent = pattern(BufferPool.largeSize + 50_000)
        var at = 0
        while test.stream.inputCount < BufferPool.largeSize {
            at += test.peer.send(Array(sent[at...]))
            test.loop.settle()
        }
        at += test.peer.send(Array(sent[at...]))
        test.loop.settle()
        #expect(at == sent.count)
        test.recorder.takesInput = true
        test.recorder.take(test.stream)
        #expect(test.loop.turn { areSame(test.recorder.received, sent) })
        test.stream.close()
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("a stream that never stops leaves the others their turn")
    func fairness() throws {
        let busy = try StreamUnderTest()
        let quiet = try StreamUnderTest(on: busy.loop)
        // Each read is refilled at once: without a bound this stream would be read for ever.
        let piece = pattern(BufferPool.smallSize)
        busy.recorder.onRead = { [peer = busy.peer] _ in peer.send(piece) }
        busy.peer.send(piece)
        quiet.peer.send("me too")
        busy.loop.turn(waitingAtMost: 0)
        #expect(quiet.recorder.text == "me too")
        let first = busy.recorder.reads
        #expect(first > 0 && first <= 8)
        busy.loop.turn(waitingAtMost: 0)
        #expect(busy.recorder.reads > first)
        busy.stream.close()
        quiet.stream.close()
        busy.loop.settle()
        #expect(busy.loop.buffers.lent == 0)
    }

    @Test("a long body is read in large pieces where it was announced")
    func largeReads() throws {
        let test = try StreamUnderTest()
        let sent = pattern(100_000)
        test.stream.expectsMuch = true
        #expect(test.peer.send(sent) == sent.count)
        test.loop.settle()
        #expect(areSame(test.recorder.received, sent))
        #expect(test.recorder.reads == 1)
        test.stream.close()
    }

    @Test("after a read that filled its buffer the next is large, until one falls short")
    func growingReads() throws {
        let test = try StreamUnderTest()
        let sent = pattern(BufferPool.smallSize + 100_000)
        #expect(test.peer.send(sent) == sent.count)
        test.loop.settle()
        #expect(areSame(test.recorder.received, sent))
        #expect(test.recorder.reads == 2)
        test.recorder.takesInput = false
        test.peer.send("little")
        test.loop.settle()
        #expect(test.stream.input?.capacity == BufferPool.smallSize)
        test.stream.close()
    }

    @Test("a closed stream tells nothing more and gives its buffers back")
    func closes() throws {
        let test = try StreamUnderTest()
        test.recorder.takesInput = false
        test.peer.send("in")
        test.loop.settle()
        test.stream.append("out")
        test.stream.close()
        test.stream.close()
        test.stream.append("more")
        test.peer.send("late")
        test.loop.settle()
        #expect(test.recorder.reads == 1)
        #expect(test.recorder.ended == 0)
        #expect(test.loop.buffers.lent == 0)
        #expect(test.peer.receive().isEmpty)
    }
}
