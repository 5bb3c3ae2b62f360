import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("EventLoop")
struct EventLoopTests {
    @Test("an event of a closed descriptor is not taken for one of the stream that got its number")
    func staleEvent() throws {
        let loop = try makeLoop()
        let pairs = try (0..<2).map { _ in
            let (descriptor, peer) = try Transport.unix.pair()
            return try StreamUnderTest(loop, raised(descriptor), peer)
        }
        let fresh = StreamRecorder()
        var opened: [Stream] = []
        var freshPeers: [Peer] = []
        // Whichever of the two comes first closes the other, whose event is in hand already.
        for (index, pair) in pairs.enumerated() {
            pair.recorder.onRead = { _ in
                guard opened.isEmpty else { return }
                let other = pairs[1 - index].stream
                let number = other.descriptor
                other.close()
                guard let (low, peer) = try? Transport.unix.pair() else { return }
                freshPeers.append(peer)
                let descriptor = raised(low)
                #expect(descriptor == number)
                guard let stream = try? Stream(loop: loop, descriptor: descriptor) else { return }
                stream.delegate = fresh
                stream.wantsInput = false
                opened.append(stream)
            }
            pair.peer.send("x")
            pair.peer.close()
        }
        defer { for pair in pairs { pair.recorder.onRead = nil } }
        loop.settle()
        #expect(opened.count == 1)
        #expect(fresh.hungUp == 0)
        for stream in opened + pairs.map(\.stream) { stream.close() }
    }

    /// The same socket under the lowest free number where no other test's descriptors are: just below the limit.
    private func raised(_ descriptor: Int32) -> Int32 {
        defer { close(descriptor) }
        let floor = min(Int(postern_raise_descriptor_limit()), 1 << 19) - 64
        return fcntl(descriptor, F_DUPFD_CLOEXEC, Int32(floor))
    }

    @Test("a source that makes more as soon as it drained does not keep the loop to itself")
    func drainingForEver() throws {
        let busy = try StreamUnderTest()
        var made = 0
        busy.recorder.onDrain = { [peer = busy.peer] stream in
            _ = peer.receive()
            made += 1
            guard made < 100_000 else { return }
            stream.append("again")
            stream.notifyWhenFlushed()
        }
        busy.stream.notifyWhenFlushed()
        busy.loop.turn(waitingAtMost: 0)
        #expect(made > 0 && made < 100)
        let before = made
        busy.loop.turn(waitingAtMost: 0)
        #expect(made > before)
        busy.stream.close()
        busy.loop.settle()
    }

    @Test("work put off until the turn has ended runs once, and its output leaves")
    func afterThisTurn() throws {
        let test = try StreamUnderTest()
        var runs = 0
        test.recorder.onRead = { [loop = test.loop] stream in
            loop.afterThisTurn {
                runs += 1
                stream.append("after")
            }
            #expect(runs == 0)
        }
        test.peer.send("x")
        test.loop.settle()
        #expect(runs == 1)
        #expect(test.peer.receiveText() == "after")
        test.stream.close()
    }

    @Test("run ends after the turn in which it was stopped")
    func stops() throws {
        let loop = try makeLoop()
        let timer = LoopTimer(loop: loop) { loop.stop() }
        timer.set(after: millisecond)
        loop.run()
        #expect(loop.turns >= 1)
    }

    @Test("a loop that waits is woken for its timer, and not before")
    func waitsForTimer() throws {
        let loop = try makeLoop()
        var rungAt: UInt64 = 0
        let timer = LoopTimer(loop: loop) { rungAt = loop.now }
        let due = loop.now + 3 * millisecond
        timer.set(due)
        while rungAt == 0 { loop.turn() }
        #expect(rungAt >= due)
    }
}
