import Logging
import Shared

/// The gateway as a process: its loops, and the configuration that they work with.
final class GatewayProcess: ManagedProcess {
    private let workers: WorkerSet
    private let group: ServerGroup
    private let control: ControlServer?
    private let discovery: InstanceDiscovery
    private let outside: OutsideControl
    private let health: HealthControl
    private let reloads: ReloadRequests
    private var reloader: ConfigurationReloader
    private let certificates: TLSWatcher?
    private let waker: Waker

    /// Starts to serve.
    /// - Parameters:
    ///   - control: sockets where the operator asks; none for a process that takes signals alone.
    ///   - reloader: reads the configuration again.
    /// - Throws: `LoopError` when a thread or a loop cannot be made.
    init(
        _ configuration: GatewayConfiguration, sockets: [ListeningSocket], control: [ListeningSocket] = [],
        waker: Waker, logger: Logger, reloader: ConfigurationReloader
    ) throws {
        outside = try OutsideControl(configuration.main.resolver, logger: logger)
        health = HealthControl(logger)
        let workers = WorkerSet(
            configuration, outside: outside, health: health, leakLog: LeakLog(logger),
            revocationLog: RevocationLog(logger))
        self.workers = workers
        self.reloader = reloader
        self.waker = waker
        reloads = ReloadRequests(waker: waker)
        let main = configuration.main
        certificates = TLSTickets.ofProcess.flatMap { tickets in
            workers.secured.isEmpty ? nil : TLSWatcher(workers.secured, tickets: tickets, logger: logger)
        }
        group = try ServerGroup(
            name: "gateway", threads: configuration.main.threads, sockets: sockets, limits: configuration.main.limits,
            waker: waker, logger: logger
        ) { loop in
            let worker = workers.makeWorker(on: loop)
            return { name in
                if let port = main.redirectPort(of: name) { return RedirectApplication(port: port) }
                guard name == EgressApplication.listenerName else { return worker }
                return EgressApplication(worker)
            }
        }
        discovery = try InstanceDiscovery(workers, logger: logger)
        let endpoints = ControlEndpoints(reloads: reloads, group: group, workers: workers, discovery: discovery)
        self.control =
            control.isEmpty ? nil : try ControlServer(control, endpoints, waker: waker, logger: logger)
    }

    var wantsReload: Bool { !reloads.isEmpty }

    func reload() throws {
        let asking = reloads.take()
        do {
            let report = try reloader.reload(workers)
            discovery.look()
            for one in asking { one.resume(returning: .reloaded(report)) }
        } catch {
            let problems = (error as? ConfigurationError)?.problems
            workers.note(problems: problems?.count ?? 1)
            for one in asking { one.resume(returning: problems.map { .refused($0) } ?? .failed) }
            throw error
        }
    }

    func beginDrain() {
        reloads.close()
        certificates?.stop()
        group.beginDrain()
    }

    var isDrained: Bool { group.isDrained }
    func isMakingProgress() -> Bool {
        // For the next status line.
        group.collect()
        let isControlMoving = control?.isMakingProgress() ?? true
        return group.isMakingProgress() && isControlMoving
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
            + StatusText.closed(workers.closedServices) + StatusText.troubles(group.tally)
    }

    /// Ends the loops, whatever is under way.
    func stop() {
        discovery.stop()
        outside.stop()
        health.stop()
        reloads.close()
        control?.stop()
        certificates?.stop()
        group.stop()
    }
}
