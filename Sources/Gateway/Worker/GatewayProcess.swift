import Logging
import Shared

/// The gateway as a process: its loops, and the configuration that they work with.
final class GatewayProcess: ManagedProcess {
    private let workers: WorkerSet
    private let group: ServerGroup
    private let watcher: InstanceWatcher
    private let load: () throws -> GatewayConfiguration
    /// What the process was started with.
    private let main: MainConfiguration
    private let logger: Logger
    private let waker: Waker

    /// Starts to serve.
    /// - Parameter load: reads the configuration again, for a reload.
    /// - Throws: `LoopError` when a thread or a loop cannot be made.
    init(
        _ configuration: GatewayConfiguration, sockets: [ListeningSocket], waker: Waker, logger: Logger,
        load: @escaping () throws -> GatewayConfiguration
    ) throws {
        let workers = WorkerSet(configuration)
        self.workers = workers
        self.load = load
        self.logger = logger
        self.waker = waker
        main = configuration.main
        group = try ServerGroup(
            name: "gateway", threads: configuration.main.threads, sockets: sockets, limits: configuration.main.limits,
            waker: waker, logger: logger
        ) { loop in
            let worker = workers.makeWorker(on: loop)
            return { _ in worker }
        }
        watcher = InstanceWatcher(workers, logger: logger)
    }

    func reload() throws {
        let configuration = try load()
        workers.install(configuration)
        let waiting = configuration.main.keysForRestart(since: main)
        guard !waiting.isEmpty else { return }
        logger.warning("changes wait for a restart", metadata: ["keys": "\(waiting.joined(separator: ", "))"])
    }

    func beginDrain() {
        watcher.stop()
        group.beginDrain()
    }

    var isDrained: Bool { group.isDrained }
    func isMakingProgress() -> Bool {
        // For the next status line.
        group.collect()
        return group.isMakingProgress()
    }

    func report(to logger: Logger) {
        group.collect { [waker] tally in
            logger.info("counters", metadata: tally.metadata)
            // The status line is made of the same numbers.
            waker.wake()
        }
    }

    var statusLine: String {
        let (routes, instances) = workers.size
        return "\(routes) routes, \(instances) instances, \(group.connectionCount) connections"
            + StatusText.troubles(group.tally)
    }

    /// Ends the loops, whatever is under way.
    func stop() {
        watcher.stop()
        group.stop()
    }
}
