import Glibc
package import Logging
import Synchronization

/// The serving threads of a process: so many loops, each listening on the same sockets.
package final class ServerGroup: Sendable {
    /// Makes, on a loop's own thread, what serves the connections of the sockets named `name`.
    package typealias MakeApplication = (_ name: String) -> any ServerApplication

    private let threads: [LoopThread]
    private let loops: [ServerLoopHandle]
    private let sockets: [ListeningSocket]
    private let waker: Waker
    private let quota: ConnectionQuota
    private let latest = Guarded(Tally())
    private let isCollecting = Atomic(false)
    /// Loops that accept no more, and loops whose last connection has gone.
    private let stopped = Atomic(0)
    private let drained = Atomic(0)

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
        let quota = ConnectionQuota(limits)
        self.quota = quota
        let refusals = RefusalLog()
        let failures = AcceptFailureLog()
        var threads: [LoopThread] = []
        var loops: [ServerLoopHandle] = []
        for index in 0..<max(1, count) {
            let shared = ServerLoopHandle()
            do throws(LoopError) {
                threads.append(
                    try LoopThread(name: "\(name)-\(index)") { loop throws(LoopError) in
                        let server = ServerLoop(loop: loop, shared: shared, logger: logger, failures: failures) {
                            refusals.tell(quota.refusals, logger)
                        }
                        try server.listen(on: sockets, limits: limits, quota: quota, applications: applications(loop))
                        shared.bind(server, on: loop)
                    })
            } catch {
                Self.stop(threads, loops)
                throw error
            }
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
                // Who connects from now on must not wait in the backlog of a socket that nobody accepts from.
                guard stopped.add(1, ordering: .acquiringAndReleasing).newValue == loops.count else { return }
                for socket in sockets { socket.close() }
            } drained: { [self] in
                drained.add(1, ordering: .acquiringAndReleasing)
                waker.wake()
            }
        }
    }

    /// Whether all connections are gone after `beginDrain`.
    package var isDrained: Bool { drained.load(ordering: .acquiring) >= loops.count }

    /// Open connections, as of a moment ago.
    package var connectionCount: Int { loops.reduce(0) { $0 + $1.connectionCount } }

    /// Connections refused for want of a place.
    package var refusals: ConnectionQuota.Refusals { quota.refusals }

    /// What all loops had counted when they were last asked (`collect`), with what is counted once for all of them.
    package var tally: Tally {
        var tally = latest.withLock { $0 }
        tally.add(quota.refusals)
        return tally
    }

    /// Asks all loops for what they have counted; `done` is given it on the loop that answers last. While a loop owes an
    /// answer, perhaps because it hangs, none is asked again, and `done` is given what was known last.
    package func collect(_ done: @escaping @Sendable (Tally) -> Void = { _ in }) {
        guard !isCollecting.exchange(true, ordering: .acquiringAndReleasing) else { return done(tally) }
        let collection = TallyCollection(loops.count)
        for loop in loops {
            loop.collect { [self] tally in
                guard let whole = collection.add(tally) else { return }
                latest.withLock { $0 = whole }
                isCollecting.store(false, ordering: .releasing)
                done(self.tally)
            }
        }
    }

    /// Whether each loop has turned since the last call.
    package func isMakingProgress() -> Bool {
        var all = true
        for (thread, loop) in zip(threads, loops) where !loop.isMoving(thread.mailbox) { all = false }
        return all
    }

    /// Ends the loops at once and closes their connections, whatever is under way.
    package func stop() {
        Self.stop(threads, loops)
    }

    #if DEBUG
        /// Has one loop turn no more: what a watchdog is for. Debug builds alone have it.
        package func hang() {
            threads.first?.mailbox.execute { _ in _ = pause() }
        }
    #endif

    private static func stop(_ threads: [LoopThread], _ loops: [ServerLoopHandle]) {
        for loop in loops { loop.close() }
        for thread in threads { thread.stop() }
        for thread in threads { thread.join() }
    }
}
