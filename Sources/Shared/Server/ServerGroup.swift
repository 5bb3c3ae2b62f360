package import Logging
import CLinux
import Synchronization

/// The serving threads of a process: so many loops, each listening on the same sockets.
package final class ServerGroup: Sendable {
    /// Makes, on a loop's own thread, what serves the connections of the sockets named `name`.
    package typealias MakeApplication = (_ name: String) -> any ServerApplication

    private let threads: [LoopThread]
    private let loops: [ServerLoopHandle]
    private let sockets: [ListeningSocket]
    private let waker: Waker
    private let drained: Atomic<Int>

    /// Starts the threads; they accept from the moment that this returns.
    /// - Parameters:
    ///   - name: of the threads, 12 bytes at most.
    ///   - limits: of the connections.
    ///   - applications: called once on each loop.
    /// - Throws: `LoopError` when a thread or a loop cannot be made.
    package init(
        name: String, threads count: Int, sockets: [ListeningSocket], limits: ServerLimits, waker: Waker,
        logger: Logger, applications: @escaping @Sendable (EventLoop) -> MakeApplication
    ) throws(LoopError) {
        self.sockets = sockets
        self.waker = waker
        drained = Atomic(0)
        var threads: [LoopThread] = []
        var loops: [ServerLoopHandle] = []
        for index in 0..<max(1, count) {
            let shared = ServerLoopHandle()
            let thread = try LoopThread(name: "\(name)-\(index)") { loop throws(LoopError) in
                let server = ServerLoop(loop: loop, shared: shared, logger: logger)
                try server.listen(on: sockets, limits: limits, applications: applications(loop))
                shared.bind(server, on: loop)
            }
            threads.append(thread)
            loops.append(shared)
        }
        self.threads = threads
        self.loops = loops
    }

    /// Accepts what has connected, then no more; requests under way are answered, and their connections closed.
    package func beginDrain() {
        for socket in sockets where !socket.isPassed { socket.withdraw() }
        for loop in loops {
            loop.beginDrain { [self] in
                if drained.add(1, ordering: .acquiringAndReleasing).newValue == loops.count {
                    for socket in sockets { socket.close() }
                }
                waker.wake()
            }
        }
    }

    /// Whether all connections are gone after `beginDrain`.
    package var isDrained: Bool { drained.load(ordering: .acquiring) == loops.count }

    /// Open connections, as of a moment ago.
    package var connectionCount: Int { loops.reduce(0) { $0 + $1.connectionCount } }

    /// Whether each loop has turned since the last call.
    package func isMakingProgress() -> Bool {
        var all = true
        for (thread, loop) in zip(threads, loops) where !loop.isMoving(thread.mailbox) { all = false }
        return all
    }

    /// Ends the loops at once, whatever is under way.
    package func stop() {
        for thread in threads { thread.stop() }
        for thread in threads { thread.join() }
    }
}
