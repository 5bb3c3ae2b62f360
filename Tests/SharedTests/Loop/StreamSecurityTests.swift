// Unsafe code: a stand-in for TLS that reads and writes by hand.
import CLinux
import Glibc
import Testing

@testable import Shared

/// In place of TLS: bytes are turned over, records are short, and it asks for what a test tells it to ask for.
private final class FakeSecurity: StreamSecurity {
    var descriptor: Int32 = -1
    /// What the handshake says, call by call; done when there is no more.
    var handshake: [StreamSecurityResult] = []
    var handshakes = 0
    /// What the next calls say before anything is done.
    var receiving: [StreamSecurityResult] = []
    var sending: [StreamSecurityResult] = []
    var ending: [StreamSecurityResult] = []
    var ends = 0
    /// Read from the socket and not yet given away.
    var held: [UInt8] = []
    var record = 5
    /// The bytes of each call of `send`.
    var pieces: [[UInt8]] = []
    var isDrained = true
    /// The end of the socket is the announced one.
    var endIsAnnounced = true
    var pieceSize = 1000

    func attach(_ descriptor: Int32) { self.descriptor = descriptor }
    func inputDidArrive(isEnd: Bool) { isDrained = false }

    func shakeHands() -> StreamSecurityResult {
        handshakes += 1
        return handshake.isEmpty ? StreamSecurityResult(count: 0) : handshake.removeFirst()
    }

    @unsafe func receive(_ bytes: UnsafeMutableRawPointer, _ capacity: Int) -> StreamSecurityResult {
        if !receiving.isEmpty { return receiving.removeFirst() }
        if !isDrained {
            var room = [UInt8](repeating: 0, count: 65536)
            let count = unsafe recv(descriptor, &room, room.count, 0)
            if count > 0 { held += room[..<count] }
            if count < 0 { isDrained = true }
            if count == 0 && held.isEmpty { return endIsAnnounced ? StreamSecurityResult(count: 0) : .truncated }
        }
        guard !held.isEmpty else { return .wantsInput }
        let count = min(record, capacity, held.count)
        for index in 0..<count { unsafe bytes.storeBytes(of: ~held[index], toByteOffset: index, as: UInt8.self) }
        held.removeFirst(count)
        return StreamSecurityResult(count: count)
    }

    var mayReceive: Bool { !held.isEmpty || !isDrained }

    @unsafe func send(_ bytes: UnsafeRawPointer, _ count: Int) -> StreamSecurityResult {
        if !sending.isEmpty { return sending.removeFirst() }
        let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
        let turned = piece.map { ~$0 }
        let written = unsafe Glibc.send(descriptor, turned, turned.count, Int32(MSG_NOSIGNAL))
        guard written > 0 else { return errno == EAGAIN ? .wantsOutput : .failed }
        pieces.append(Array(piece[..<written]))
        return StreamSecurityResult(count: written)
    }

    func announceEnd() -> StreamSecurityResult {
        ends += 1
        return ending.isEmpty ? StreamSecurityResult(count: 0) : ending.removeFirst()
    }

    func isQuiet() -> Bool { held.isEmpty }
}

private func turned(_ text: String) -> [UInt8] { text.utf8.map { ~$0 } }

@Suite("Stream: a security layer between socket and bytes")
struct StreamSecurityTests {
    private let loop: EventLoop
    private let peer: Peer
    private let security = FakeSecurity()
    private let recorder = StreamRecorder()
    private let descriptor: Int32

    init() throws {
        loop = try makeLoop()
        (descriptor, peer) = try Transport.unix.pair()
    }

    private func open() throws -> Stream {
        let stream = try Stream(loop: loop, descriptor: descriptor, security: security)
        stream.delegate = recorder
        return stream
    }

    private func opened() throws -> Stream {
        let stream = try open()
        peer.send("!")
        try #require(loop.turn { recorder.connected == 1 })
        try #require(loop.turn { !recorder.received.isEmpty })
        recorder.received = []
        return stream
    }

    @Test("neither read nor written before the handshake is done, which may ask for both")
    func handshake() throws {
        security.handshake = [.wantsOutput, .wantsInput, .wantsInput]
        let stream = try open()
        stream.append("early")
        peer.send(turned("one"))
        loop.settle()
        // It asked for room, which there is at once; the loop tells of the input again when it no longer asks for that.
        #expect(security.handshakes == 3 && recorder.connected == 0 && recorder.received.isEmpty)
        #expect(peer.receive().isEmpty)
        peer.send(turned("two"))
        #expect(loop.turn { recorder.connected == 1 })
        loop.settle()
        #expect(recorder.text == "onetwo")
        #expect(peer.receive() == turned("early"))
        stream.close()
        #expect(loop.buffers.lent == 0)
    }

    @Test(
        "a handshake that fails is a failure, and nothing more is said",
        arguments: zip([StreamSecurityResult.refused, .truncated], [EPROTO, ECONNRESET]))
    func refusal(_ result: StreamSecurityResult, _ code: Int32) throws {
        security.handshake = [result]
        let stream = try open()
        stream.append("never")
        peer.send("x")
        loop.settle()
        #expect(recorder.failures == [LoopError(call: "handshake", code: code)] && stream.isClosed)
        #expect(recorder.connected == 0 && security.ends == 0)
        #expect(peer.receive().isEmpty && (peer.sawEnd || peer.failure == ECONNRESET))
    }

    @Test("a connection attempt goes before the handshake")
    func connecting() throws {
        let listener = try TestListener.tcp()
        let stream = try Stream(
            loop: loop, descriptor: listener.connect(), isConnecting: true, security: security)
        stream.delegate = recorder
        security.handshake = [.wantsInput]
        stream.append("request")
        let peer = Peer(try listener.accept())
        #expect(loop.turn { security.handshakes == 1 })
        #expect(recorder.connected == 0)
        peer.send("x")
        #expect(loop.turn { recorder.connected == 1 })
        #expect(loop.turn { stream.outputCount == 0 })
        #expect(peer.receive() == turned("request"))
        stream.close()
    }

    @Test("what the layer holds is not forgotten while reading is paused")
    func heldWhilePaused() throws {
        let stream = try opened()
        recorder.onRead = { $0.wantsInput = false }
        peer.send(turned("abcdefghijkl"))
        loop.settle()
        #expect(recorder.text == "abcde" && security.held.count == 7)
        recorder.onRead = nil
        // The socket is empty: the kernel will not tell of it again.
        stream.wantsInput = true
        loop.settle()
        #expect(recorder.text == "abcdefghijkl")
        stream.close()
    }

    @Test("small pieces of output leave in one, large ones in pieces of the layer's size")
    func gathering() throws {
        let stream = try opened()
        security.pieceSize = 40_000
        stream.append(pattern(BufferPool.smallSize))
        stream.append(pattern(100))
        loop.settle()
        #expect(security.pieces.map(\.count) == [BufferPool.smallSize + 100])
        security.pieces = []
        stream.append(pattern(90_000))
        loop.settle()
        #expect(security.pieces.map(\.count) == [40_000, 40_000, 10_000])
        #expect(areSame(security.pieces.flatMap { $0 }, pattern(90_000)))
        stream.close()
        #expect(loop.buffers.lent == 0)
    }

    @Test("a write that needs room is tried again with the same bytes, and more behind them")
    func retriedWrite() throws {
        let stream = try opened()
        security.sending = [.wantsOutput]
        stream.append("first")
        loop.turn(waitingAtMost: 0)
        #expect(security.pieces.isEmpty && stream.outputCount == 5)
        stream.append(" second")
        loop.settle()
        #expect(security.pieces == [Array("first second".utf8)])
        stream.close()
    }

    @Test("a write that waits for the peer goes on when it has spoken")
    func writeWantsInput() throws {
        let stream = try opened()
        security.sending = [.wantsInput]
        stream.append("answer")
        loop.settle()
        #expect(security.pieces.isEmpty)
        peer.send(turned("go"))
        loop.settle()
        #expect(security.pieces == [Array("answer".utf8)])
        #expect(recorder.text == "go")
        stream.close()
    }

    @Test("a read that needs room goes on when there is some")
    func readWantsOutput() throws {
        let stream = try opened()
        security.receiving = [.wantsOutput]
        peer.send(turned("text"))
        loop.settle()
        #expect(recorder.text == "text")
        stream.close()
    }

    @Test("an end that was announced is an end; one that was not is told apart", arguments: [true, false])
    func ends(_ isAnnounced: Bool) throws {
        let stream = try opened()
        security.endIsAnnounced = isAnnounced
        peer.send(turned("last"))
        peer.finishWriting()
        #expect(loop.turn { recorder.ended == 1 })
        #expect(recorder.text == "last" && stream.isTruncated == !isAnnounced)
        stream.close()
    }

    @Test("the end of writing is announced before the socket's own, also where there is no room at first")
    func announcedEnd() throws {
        let stream = try opened()
        security.ending = [.wantsOutput]
        stream.shutdownWriting()
        #expect(security.ends == 1)
        _ = peer.receive()
        #expect(!peer.sawEnd)
        loop.settle()
        #expect(security.ends == 2)
        _ = peer.receive()
        #expect(peer.sawEnd)
        stream.close()
        #expect(security.ends == 2)
    }

    @Test("closing announces the end, but not over bytes that were not written, nor before a reset")
    func farewell() throws {
        let orderly = try opened()
        orderly.close()
        #expect(security.ends == 1)
    }

    @Test("what was cut off is not announced as an end", arguments: [true, false])
    func noFarewell(_ isReset: Bool) throws {
        let stream = try opened()
        if isReset { stream.resetOnClose() } else { stream.append("not written") }
        stream.close()
        // The loop lets go of a stream that waits to be flushed when it turns.
        loop.settle()
        #expect(security.ends == 0)
    }
}
