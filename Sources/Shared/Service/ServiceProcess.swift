package import Logging

/// One of our own services as a process: endpoints by listener, no configuration that changes while it runs but what
/// `reload` takes.
package final class ServiceProcess: ManagedProcess {
    private let group: ServerGroup
    private let name: String
    private let onReload: () throws -> Void
    private let onDrain: () -> Void
    private let onCount: @Sendable (inout Tally) -> Void

    /// Starts to serve.
    /// - Parameters:
    ///   - routes: what each listener serves, by its name.
    ///   - onReload: reads the configuration again; an error leaves things as they are.
    ///   - onDrain: ends answers that would have no end by themselves.
    ///   - onCount: adds what the service counts beside its loops, on any thread.
    /// - Throws: `LoopError` when a thread or a loop cannot be made.
    package init(
        name: String, threads: Int, sockets: [ListeningSocket], routes: [String: ServiceRoutes],
        limits: ServerLimits = ServerLimits(), waker: Waker, logger: Logger, onReload: @escaping () throws -> Void = {},
        onDrain: @escaping () -> Void = {}, onCount: @escaping @Sendable (inout Tally) -> Void = { _ in }
    ) throws {
        self.name = name
        self.onCount = onCount
        self.onReload = onReload
        self.onDrain = onDrain
        let none = try ServiceRoutes([])
        group = try ServerGroup(
            name: name, threads: threads, sockets: sockets, limits: limits, waker: waker, logger: logger
        ) { _ in
            { listener in ServiceApplication(routes: routes[listener] ?? none) }
        }
    }

    package func reload() throws { try onReload() }
    package func beginDrain() {
        group.beginDrain()
        onDrain()
    }
    package var isDrained: Bool { group.isDrained }
    package func isMakingProgress() -> Bool {
        // For the next status line.
        group.collect()
        return group.isMakingProgress()
    }
    package func report(to logger: Logger) {
        group.collect { [onCount] loops in
            var tally = loops
            onCount(&tally)
            logger.info("counters", metadata: tally.metadata)
        }
    }
    package var statusLine: String { "\(name): \(group.connectionCount) connections\(group.tally.troubles)" }

    /// Ends the threads, whatever is under way.
    package func stop() { group.stop() }
}
