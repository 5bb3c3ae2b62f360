import Synchronization

/// What other threads may touch of a serving loop.
final class ServerLoopHandle: Sendable {
    private let server = Mutex<LoopBound<ServerLoop>?>(nil)
    private let pings = Atomic<Int>(0)
    private let pongs = Atomic<Int>(0)
    private let connections = Atomic<Int>(0)

    /// Open connections, as of a moment ago.
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    func bind(_ server: ServerLoop, on loop: EventLoop) {
        let bound = LoopBound(server, loop: loop)
        self.server.withLock { $0 = bound }
    }

    /// Calls, on the loop, `stopped` when it accepts no more, and `drained` when the last connection has gone.
    func beginDrain(_ stopped: @escaping @Sendable () -> Void, drained: @escaping @Sendable () -> Void) {
        let isRunning = server.withLock { $0 }?.execute { server, _ in server.beginDrain(stopped, drained: drained) }
        guard isRunning != true else { return }
        stopped()
        drained()
    }

    /// Closes the loop's listeners and connections; before the loop itself ends.
    func close() {
        let server = server.withLock { $0.take() }
        _ = server?.execute { server, _ in server.close() }
    }

    /// Whether the last ping was answered; sends the next.
    func isMoving(_ mailbox: LoopMailbox) -> Bool {
        guard pings.load(ordering: .relaxed) == pongs.load(ordering: .acquiring) else { return false }
        pings.add(1, ordering: .relaxed)
        mailbox.execute { _ in self.pongs.add(1, ordering: .releasing) }
        return true
    }

    /// Gives what the loop has counted to `done`, on the loop; not where it has ended.
    func collect(_ done: @escaping @Sendable (Tally) -> Void) {
        server.withLock { $0 }?.execute { server, _ in done(server.tally) }
    }

    func count(_ change: Int) {
        connections.add(change, ordering: .relaxed)
    }
}
