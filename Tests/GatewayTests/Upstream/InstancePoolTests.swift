import Testing

@testable import Gateway
@testable import Shared

@Suite("The connections to one instance")
struct InstancePoolTests {
    private let loop: EventLoop
    private let folder: TemporaryFolder
    private let service: PlayedService
    private let pool: InstancePool

    init() throws {
        loop = try EventLoop()
        folder = try TemporaryFolder()
        service = try PlayedService(folder["data.sock"])
        pool = InstancePool(.unix(path: service.path), loop: loop)
    }

    private func settle() { for _ in 0..<8 { loop.turn(waitingAtMost: 0) } }

    private func advance(by nanoseconds: UInt64) {
        loop.clockAdvance += nanoseconds
        settle()
    }

    /// One exchange on a connection that was taken.
    private func use(_ connection: ClientConnection, _ peer: Peer, response: String = ok("")) {
        let user = Recorder()
        connection.begin(user, method: .get, connectDeadline: second, responseDeadline: second)
        connection.stream.append("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.endRequest()
        settle()
        _ = peer.receive()
        peer.send(response)
        settle()
    }

    @Test("a connection comes back and is used again, the last one first")
    func reuse() throws {
        let one = try pool.take(fresh: false)
        let two = try pool.take(fresh: false)
        #expect(pool.inFlight == 2)
        let peers = try [service.accept(), service.accept()]
        use(one, peers[0])
        use(two, peers[1])
        pool.give(one)
        pool.give(two)
        #expect(pool.inFlight == 0)
        #expect(try pool.take(fresh: false) === two)
        #expect(try pool.take(fresh: false) === one)
        #expect(pool.inFlight == 2)
        #expect(service.take() == nil)
    }

    @Test("a fresh one is made although others wait")
    func fresh() throws {
        let one = try pool.take(fresh: false)
        use(one, try service.accept())
        pool.give(one)
        #expect(try pool.take(fresh: true) !== one)
    }

    @Test("one whose exchange did not end cleanly is closed")
    func unclean() throws {
        let one = try pool.take(fresh: false)
        let peer = try service.accept()
        use(one, peer, response: ok("", "Connection: close"))
        pool.give(one)
        settle()
        #expect(one.isClosed)
        #expect(peer.isClosed)
        #expect(pool.inFlight == 0)

        let two = try pool.take(fresh: false)
        let other = try service.accept()
        pool.lose(two)
        #expect(other.isClosed)
        #expect(pool.inFlight == 0)
        #expect(!pool.isFailed)
    }

    @Test("one that the instance closes while it waits is forgotten")
    func closedWhileIdle() throws {
        let one = try pool.take(fresh: false)
        let peer = try service.accept()
        use(one, peer)
        pool.give(one)
        peer.close()
        settle()
        #expect(one.isClosed)
        #expect(try pool.take(fresh: false) !== one)
        #expect(pool.inFlight == 1)
    }

    @Test("one that was sent bytes that nobody asked for is not trusted")
    func unasked() throws {
        let one = try pool.take(fresh: false)
        let peer = try service.accept()
        use(one, peer)
        pool.give(one)
        peer.send("HTTP/1.1 200 OK\r\n")
        #expect(try pool.take(fresh: false, once: true) !== one)
        #expect(peer.isClosed)
        #expect(pool.inFlight == 1)
    }

    @Test("those that are not needed grow old and go")
    func idleDeadline() throws {
        let connections = try (0..<3).map { _ in try pool.take(fresh: true) }
        let peers = try connections.map { _ in try service.accept() }
        for (connection, peer) in zip(connections, peers) { use(connection, peer) }
        pool.give(connections[0])
        pool.give(connections[1])
        advance(by: 20 * second)
        pool.give(connections[2])
        advance(by: 11 * second)
        #expect(connections.map(\.isClosed) == [true, true, false])
        advance(by: 20 * second)
        #expect(connections[2].isClosed)
        for peer in peers { #expect(peer.isClosed) }
    }

    @Test("an instance that takes no connection counts as failed for a second, and its idle connections are closed")
    func down() throws {
        let one = try pool.take(fresh: false)
        use(one, try service.accept())
        pool.give(one)
        service.stop()
        #expect(throws: LoopError.self) { try pool.take(fresh: true) }
        #expect(pool.isFailed)
        #expect(one.isClosed)
        #expect(pool.inFlight == 0)
        advance(by: second)
        #expect(!pool.isFailed)
    }

    @Test("an exchange that succeeds ends the time for which it counts as failed")
    func recovered() throws {
        let under = try pool.take(fresh: false)
        let peer = try service.accept()
        let other = try pool.take(fresh: false)
        pool.lose(other, isInstanceDown: true)
        #expect(pool.isFailed)
        use(under, peer)
        pool.give(under)
        #expect(!pool.isFailed)
    }

    @Test("a pool that goes closes its idle connections")
    func gone() throws {
        var short: InstancePool? = InstancePool(.unix(path: service.path), loop: loop)
        let one = try #require(try short?.take(fresh: false))
        let peer = try service.accept()
        use(one, peer)
        short?.give(one)
        short = nil
        #expect(one.isClosed)
        advance(by: 60 * second)
        #expect(peer.isClosed)
    }

    @Test("an instance on a TCP port is reached too; a port that nobody listens on fails when that is known")
    func tcp() throws {
        let gateway = try TestGateway(services: ["data": "instances: http://127.0.0.1:1"])
        let client = try gateway.client()
        client.send(get("/x"))
        for _ in 0..<100 where gateway.worker.table.services[0].instances[0].isFailed == false {
            gateway.loop.turn(waitingAtMost: 10 * millisecond)
        }
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 503)
        #expect(gateway.inFlight == 0)
    }
}

/// Takes what comes.
private final class Recorder: ClientExchange {
    func responseDidBegin(on connection: ClientConnection) {}
    func responseBody(_ count: Int, on connection: ClientConnection) { connection.stream.consume(count) }
    func responseDidEnd(on connection: ClientConnection) {}
    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {}
}
