import Testing

@testable import Shared

@Suite("Stream: writing")
struct StreamOutputTests {
    @Test("what is appended leaves in order at the end of the turn", arguments: Transport.allCases)
    func writes(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        test.stream.append("a")
        test.stream.append(Array("bcd".utf8))
        test.stream.append(Array("xefgx".utf8), 1..<4)
        test.stream.append(byte: 33)
        test.stream.append(decimal: 0)
        test.stream.append(decimal: Int.max)
        test.stream.append("/")
        test.stream.append(hexadecimal: 0xdead_beef)
        #expect(test.peer.receive().isEmpty)
        test.loop.settle()
        #expect(test.peer.receiveText() == "abcdefg!09223372036854775807/deadbeef")
        #expect(test.stream.outputCount == 0)
        #expect(test.loop.buffers.lent == 0)
        test.stream.close()
    }

    @Test("a slow peer gets every byte once, through partial writes", arguments: Transport.allCases)
    func partialWrites(_ transport: Transport) throws {
        let test = try StreamUnderTest(transport)
        let sent = pattern(9_000_000)
        test.stream.append(sent)
        test.loop.settle()
        #expect(test.stream.outputCount > 0)
        var received: [UInt8] = []
        #expect(
            test.loop.turn {
                received += test.peer.receive(atMost: 300_000)
                return received.count == sent.count
            })
        #expect(areSame(received, sent))
        #expect(test.stream.writtenCount == UInt64(sent.count))
        test.loop.settle()
        #expect(test.loop.buffers.lent == 0)
        test.stream.close()
    }

    @Test("the source pauses above the high mark and is told once at the low one")
    func marks() throws {
        let test = try StreamUnderTest()
        test.stream.append(pattern(Stream.highMark))
        #expect(!test.stream.isAboveHighMark)
        test.stream.append(pattern(4_000_000))
        #expect(test.stream.isAboveHighMark)
        test.loop.settle()
        #expect(test.recorder.drained == 0)
        #expect(
            test.loop.turn {
                _ = test.peer.receive(atMost: 100_000)
                return test.recorder.drained == 1
            })
        #expect(test.stream.outputCount <= Stream.lowMark)
        #expect(
            test.loop.turn {
                _ = test.peer.receive()
                return test.stream.outputCount == 0
            })
        test.loop.settle()
        #expect(test.recorder.drained == 1)
        test.stream.close()
    }

    @Test("one who waits for the last byte is told after it, also when the marks were passed on the way")
    func flushedAfterMarks() throws {
        let test = try StreamUnderTest()
        test.stream.append(pattern(4_000_000))
        #expect(test.stream.isAboveHighMark)
        test.stream.notifyWhenFlushed()
        var leftAtDrain: [Int] = []
        test.recorder.onDrain = { leftAtDrain.append($0.outputCount) }
        #expect(
            test.loop.turn {
                _ = test.peer.receive(atMost: 100_000)
                return test.stream.outputCount == 0
            })
        test.loop.settle()
        #expect(leftAtDrain.last == 0)
        test.stream.close()
    }

    @Test("one who waits for the last byte is told although there is none")
    func flushedAtOnce() throws {
        let test = try StreamUnderTest()
        test.stream.notifyWhenFlushed()
        test.loop.settle()
        #expect(test.recorder.drained == 1)
        test.stream.close()
    }

    @Test(
        "bytes pass from stream to stream, short and long, in order", arguments: [1, 100, 2047, 2048, 16_384, 70_000])
    func transfers(_ size: Int) throws {
        let source = try StreamUnderTest()
        let sink = try StreamUnderTest(on: source.loop)
        source.recorder.takesInput = false
        source.recorder.onRead = { sink.stream.transfer($0.inputCount, from: $0) }
        let sent = pattern(size)
        sink.stream.append("<")
        #expect(source.peer.send(sent) == size)
        source.loop.settle()
        sink.stream.append(">")
        source.loop.settle()
        #expect(sink.peer.receive() == [60] + sent + [62])
        #expect(source.loop.buffers.lent == 0)
        source.stream.close()
        sink.stream.close()
    }

    @Test(
        "much that is transferred leaves before the turn ends, little at its end",
        arguments: [(100_000, 100_000), (6000, 0)])
    func earlyWrites(size: Int, early: Int) throws {
        let source = try StreamUnderTest()
        let sink = try StreamUnderTest(on: source.loop)
        source.stream.expectsMuch = size > 10_000
        source.recorder.takesInput = false
        var left: [UInt8] = []
        source.recorder.onRead = {
            sink.stream.transfer($0.inputCount, from: $0)
            left += sink.peer.receive()
        }
        source.peer.send(pattern(size))
        source.loop.settle()
        #expect(left.count == early)
        #expect(left + sink.peer.receive() == pattern(size))
        #expect(source.loop.buffers.lent == 0)
        source.stream.close()
        sink.stream.close()
    }

    @Test("a write before the turn's end that fails is told of at its end, once")
    func earlyFailure() throws {
        let source = try StreamUnderTest()
        let sink = try StreamUnderTest(on: source.loop)
        source.stream.expectsMuch = true
        source.recorder.takesInput = false
        source.recorder.onRead = {
            sink.peer.close()
            sink.stream.transfer($0.inputCount, from: $0)
            #expect(sink.recorder.failures.isEmpty && sink.recorder.ended == 0)
        }
        source.peer.send(pattern(100_000))
        source.loop.settle()
        #expect(sink.recorder.failures.count + sink.recorder.ended == 1)
        #expect(source.loop.buffers.lent == 0)
        source.stream.close()
        sink.stream.close()
    }

    @Test("what is transferred to a closed stream is dropped")
    func transferToClosed() throws {
        let source = try StreamUnderTest()
        let sink = try StreamUnderTest(on: source.loop)
        sink.stream.close()
        source.recorder.takesInput = false
        source.recorder.onRead = { sink.stream.transfer($0.inputCount, from: $0) }
        source.peer.send(pattern(5000))
        source.loop.settle()
        #expect(source.stream.inputCount == 0)
        #expect(source.loop.buffers.lent == 0)
        source.stream.close()
    }

    @Test("small pieces read into large buffers do not pile these up behind a slow reader")
    func smallPiecesInLargeBuffers() throws {
        let source = try StreamUnderTest()
        let sink = try StreamUnderTest(on: source.loop)
        source.stream.expectsMuch = true
        source.recorder.takesInput = false
        source.recorder.onRead = { sink.stream.transfer($0.inputCount, from: $0) }
        sink.stream.append(pattern(1_000_000))
        source.loop.settle()
        let before = sink.stream.output.reduce(0) { $0 + $1.capacity }
        for _ in 0..<20 {
            source.peer.send(pattern(2100))
            source.loop.settle(2)
        }
        let added = sink.stream.output.reduce(0) { $0 + $1.capacity } - before
        #expect(added <= 20 * 2100 * 8 + BufferPool.largeSize)
        source.stream.close()
        sink.stream.close()
        #expect(source.loop.buffers.lent == 0)
    }
}
