import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("SocketListener")
struct SocketListenerTests {
    /// What a listener told.
    final class Record {
        var accepted: [Int32] = []
        var failures: [Int32] = []
        deinit { for descriptor in accepted { close(descriptor) } }
    }

    private func listen(_ loop: EventLoop, _ listener: TestListener, _ record: Record) throws -> SocketListener {
        try SocketListener(
            loop: loop, descriptor: listener.descriptor, accepted: { record.accepted.append($0) },
            failed: { record.failures.append($0.code) })
    }

    @Test("connections are accepted, and their sockets do not block", arguments: Transport.allCases)
    func accepts(_ transport: Transport) throws {
        let loop = try makeLoop()
        let socket = try transport == .tcp ? TestListener.tcp() : TestListener.unix()
        let record = Record()
        let listener = try listen(loop, socket, record)
        let peers = (0..<5).map { _ in Peer(socket.connect()) }
        #expect(loop.turn { record.accepted.count == 5 })
        for descriptor in record.accepted {
            #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        }
        listener.stop()
        withExtendedLifetime(peers) {}
    }

    @Test("the kernel asks the peers of accepted TCP connections whether they are still there, without a call for each")
    func keepAlive() throws {
        let loop = try makeLoop()
        let socket = try TestListener.tcp()
        let record = Record()
        let listener = try listen(loop, socket, record)
        let peer = Peer(socket.connect())
        #expect(loop.turn { record.accepted.count == 1 })
        let accepted = try #require(record.accepted.first)
        #expect(socketOption(accepted, SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(socketOption(accepted, Int32(IPPROTO_TCP), TCP_KEEPIDLE) == 60)
        #expect(socketOption(accepted, Int32(IPPROTO_TCP), TCP_KEEPINTVL) == 15)
        #expect(socketOption(accepted, Int32(IPPROTO_TCP), TCP_KEEPCNT) == 4)
        #expect(socketOption(accepted, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT) == 120_000)
        listener.stop()
        withExtendedLifetime(peer) {}
    }

    @Test("accepted TCP connections send small answers without waiting for an acknowledgement")
    func noDelay() throws {
        let loop = try makeLoop()
        let socket = try TestListener.tcp()
        let record = Record()
        let listener = try listen(loop, socket, record)
        let peer = Peer(socket.connect())
        #expect(loop.turn { record.accepted.count == 1 })
        let accepted = try #require(record.accepted.first)
        #expect(socketOption(accepted, Int32(IPPROTO_TCP), TCP_NODELAY) != 0)
        listener.stop()
        withExtendedLifetime(peer) {}
    }

    @Test("without a free descriptor one connection is turned away by the spare one, and the next is served")
    func descriptorsExhausted() throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix()
        let record = Record()
        let listener = try listen(loop, socket, record)
        var calls = 0
        listener.accept = { descriptor in
            calls += 1
            guard calls > 1 else {
                errno = EMFILE
                return -1
            }
            return postern_accept(descriptor)
        }
        let first = Peer(socket.connect())
        let second = Peer(socket.connect())
        #expect(loop.turn { record.accepted.count == 1 })
        #expect(record.failures == [EMFILE])
        #expect(listener.turnedAway == 1)
        _ = first.receive()
        _ = second.receive()
        #expect(first.sawEnd)
        #expect(!second.sawEnd)
        listener.stop()
    }

    @Test("when even the spare descriptor is of no use the listener rests, then goes on", arguments: [EMFILE, ENOMEM])
    func rests(_ code: Int32) throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix()
        let record = Record()
        let listener = try listen(loop, socket, record)
        var exhausted = true
        var calls = 0
        listener.accept = { descriptor in
            calls += 1
            errno = code
            return exhausted ? -1 : postern_accept(descriptor)
        }
        let peer = Peer(socket.connect())
        loop.settle()
        let before = calls
        loop.settle()
        #expect(calls == before)
        #expect(record.failures == [code])
        exhausted = false
        loop.advance(by: second)
        #expect(record.accepted.count == 1)
        listener.stop()
        withExtendedLifetime(peer) {}
    }

    @Test("a connection that was given up before it was accepted does not disturb the next")
    func abortedConnection() throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix()
        let record = Record()
        let listener = try listen(loop, socket, record)
        var calls = 0
        listener.accept = { descriptor in
            calls += 1
            errno = ECONNABORTED
            return calls == 1 ? -1 : postern_accept(descriptor)
        }
        let peer = Peer(socket.connect())
        #expect(loop.turn { record.accepted.count == 1 })
        #expect(record.failures.isEmpty)
        listener.stop()
        withExtendedLifetime(peer) {}
    }

    @Test("a listener may be stopped by the connection that it just accepted, and then rests for good")
    func stopsWhileAccepting() throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix()
        let record = Record()
        var running: SocketListener?
        let listener = try SocketListener(
            loop: loop, descriptor: socket.descriptor,
            accepted: {
                record.accepted.append($0)
                running?.stop()
            }, failed: { record.failures.append($0.code) })
        running = listener
        let peers = (0..<3).map { _ in Peer(socket.connect()) }
        loop.settle()
        loop.advance(by: second)
        #expect(record.accepted.count == 1)
        #expect(record.failures.isEmpty)
        // The descriptor is its owner's: the next listener on it finds the others.
        let next = try listen(loop, socket, record)
        loop.settle()
        #expect(record.accepted.count == 3)
        next.stop()
        running = nil
        withExtendedLifetime(peers) {}
    }

    @Test("who has connected is accepted at the end, all of them, and nobody is waited for")
    func acceptsWaiting() throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix()
        let record = Record()
        let listener = try listen(loop, socket, record)
        var calls = 0
        listener.accept = { descriptor in
            calls += 1
            errno = calls == 2 ? ECONNABORTED : EINTR
            return calls == 2 || calls == 4 ? -1 : postern_accept(descriptor)
        }
        let peers = (0..<5).map { _ in Peer(socket.connect()) }
        listener.acceptWaiting()
        #expect(record.accepted.count == 5)
        listener.stop()
        listener.acceptWaiting()
        withExtendedLifetime(peers) {}
    }

    @Test("a crowd at the door is let in in parts, so that others have their turn")
    func crowd() throws {
        let loop = try makeLoop()
        let socket = try TestListener.unix(backlog: 300)
        let record = Record()
        let listener = try listen(loop, socket, record)
        let peers = (0..<150).map { _ in Peer(socket.connect()) }
        loop.turn(waitingAtMost: 0)
        #expect(record.accepted.count == 64)
        loop.settle()
        #expect(record.accepted.count == 150)
        listener.stop()
        withExtendedLifetime(peers) {}
    }
}
