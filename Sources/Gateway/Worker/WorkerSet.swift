import CLinux
import Logging
import Shared
import Synchronization

/// The workers of all loops, and the one way to give them another configuration.
final class WorkerSet: Sendable {
    private struct State {
        var configuration: GatewayConfiguration
        var snapshot: Snapshot
        /// What the snapshot was made with.
        var known: OutsideTable
        var sockets: SocketTable
        var workers: [LoopBound<Worker>] = []
        /// What was wrong with the files when they were last read.
        var problems = 0
    }
    private let state: Mutex<State>
    private let rates: RateLimiter
    /// Of all instances, by their addresses.
    let states = InstanceStates()
    /// What was refused because it is a foreign user's.
    let foreign = ForeignSockets()
    private let outside: OutsideControl?
    private let health: HealthControl?
    private let leakLog: LeakLog?
    private let revocationLog: RevocationLog?
    /// The listeners that speak TLS.
    let secured: TLSListeners

    /// - Parameters:
    ///   - outside: keeps what the names of services lead to, and tokens.
    ///   - health: checks the instances of services that ask for it.
    init(
        _ configuration: GatewayConfiguration, outside: OutsideControl? = nil, health: HealthControl? = nil,
        leakLog: LeakLog? = nil, revocationLog: RevocationLog? = nil
    ) {
        self.outside = outside
        self.health = health
        self.leakLog = leakLog
        self.revocationLog = revocationLog
        secured = TLSListeners(configuration.main.secured)
        rates = RateLimiter(keys: configuration.main.rateKeys)
        outside?.prepare(configuration)
        let known = outside?.known ?? OutsideTable()
        let sockets = SocketTable(configuration.folders)
        state = Mutex(
            State(
                configuration: configuration, snapshot: configuration.snapshot(known, states, sockets: sockets),
                known: known, sockets: sockets))
        check(state.withLock { $0.snapshot })
        outside?.observe { [weak self] in _ = self?.refreshInstances() }
        // What has come in between.
        _ = refreshInstances()
    }

    /// Makes the worker of a loop; called on that loop.
    func makeWorker(on loop: EventLoop) -> Worker {
        // A snapshot that is distributed before the worker is entered would pass it by: it is given the current one
        // afterwards.
        let worker = Worker(
            loop: loop, snapshot: state.withLock { $0.snapshot }, requestPrefix: Self.randomPrefix(), rates: rates,
            leakLog: leakLog, foreign: foreign)
        if let outside { worker.tokenRejected = { token in outside.tokenWasRejected(token) } }
        if !secured.isEmpty { worker.secured = secured }
        let bound = LoopBound(worker, loop: loop)
        let current = state.withLock { state in
            if state.workers.isEmpty {
                worker.outside = outside?.counters
                worker.health = health?.counters
            }
            state.workers.append(bound)
            return state.snapshot
        }
        worker.install(current)
        worker.listen(revocationLog)
        return worker
    }

    /// Puts a configuration in force on all loops, for the requests that begin from then on. Who asked can wait until
    /// each loop has it.
    @discardableResult
    func install(_ configuration: GatewayConfiguration) -> Arrival {
        outside?.prepare(configuration)
        secured.install(configuration.main.secured)
        return state.withLock { state in
            state.configuration = configuration
            state.known = outside?.known ?? OutsideTable()
            look(&state)
            return distribute(configuration.snapshot(state.known, states, sockets: state.sockets), &state)
        }
    }

    /// Looks again at the folders that instances live in, at what names lead to, and at tokens; tells which instances
    /// came and went.
    @discardableResult
    func refreshInstances() -> InstanceChanges {
        state.withLock { state in
            let known = outside?.known ?? OutsideTable()
            let isOther = look(&state)
            // A snapshot costs more than a look at the folders.
            guard isOther || known != state.known else { return InstanceChanges() }
            state.known = known
            let before = state.snapshot
            distribute(state.configuration.snapshot(known, states, sockets: state.sockets), &state)
            return InstanceChanges(from: before, to: state.snapshot)
        }
    }

    /// Looks at the folders; whether anything in them is otherwise than before. A socket that was made anew under its
    /// name is another instance.
    @discardableResult
    private func look(_ state: inout State) -> Bool {
        let sockets = SocketTable(state.configuration.folders, former: state.sockets)
        guard sockets != state.sockets else { return false }
        states.forget(sockets.renewed(since: state.sockets))
        state.sockets = sockets
        return true
    }

    /// Folders in which instances come and go, those of them that cannot be read, and the sockets that are refused.
    var folders: FolderReport {
        state.withLock { state in
            var report = FolderReport(folders: state.configuration.folders, failures: state.sockets.failures)
            for service in state.configuration.services {
                for match in service.sockets(in: state.sockets) where match.isRefused {
                    report.refused.append(
                        FolderReport.Refused(
                            service: service.name, file: service.file, path: match.path, owner: match.file.owner,
                            folderOwner: state.sockets[match.folder]?.owner ?? 0))
                }
            }
            return report
        }
    }

    /// Says which services were not who they must be; each once in a while.
    func reportHandshakes(to logger: Logger, now: ContinuousClock.Instant = .now) {
        for service in state.withLock({ $0.snapshot.services }) {
            for case .tls(_, _, let tls) in service.instances {
                guard let report = tls.failures.take(now: now) else { continue }
                logger.error(
                    "service is refused: its TLS is not as it must be",
                    metadata: [
                        "service": "\(service.name)", "name": "\(tls.serverName)", "address": "\(report.address)",
                        "reason": "\(report.reason)", "count": "\(report.count)",
                    ])
            }
        }
    }

    @discardableResult
    private func distribute(_ snapshot: Snapshot, _ state: inout State) -> Arrival {
        state.snapshot = snapshot
        check(snapshot)
        return Self.execute(on: state.workers) { worker, _ in worker.install(snapshot) }
    }

    /// Runs `body` with each worker on its loop; who asks can wait until all have.
    func onEachLoop(_ body: @escaping @Sendable (Worker, EventLoop) -> Void) -> Arrival {
        Self.execute(on: state.withLock { $0.workers }, body)
    }

    private static func execute(
        on workers: [LoopBound<Worker>], _ body: @escaping @Sendable (Worker, EventLoop) -> Void
    ) -> Arrival {
        let arrival = Arrival(workers.count)
        for worker in workers {
            let isTaken = worker.execute { worker, loop in
                body(worker, loop)
                arrival.arrive()
            }
            if !isTaken { arrival.arrive() }
        }
        return arrival
    }

    private func check(_ snapshot: Snapshot) {
        health?.keep(HealthTarget.all(of: snapshot.services, snapshot.states, peers: snapshot.peers))
    }

    /// Services that have instances, and none that may be asked for anything.
    var closedServices: [String] {
        let snapshot = state.withLock { $0.snapshot }
        return snapshot.services.filter { service in
            !service.instances.isEmpty && service.instances.allSatisfy { snapshot.states[$0]?.isOpen == false }
        }.map(\.name)
    }

    /// The state of the configuration that the loops work by.
    var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// What it was made of.
    var inForce: (configuration: GatewayConfiguration, sockets: SocketTable) {
        state.withLock { ($0.configuration, $0.sockets) }
    }

    /// Problems of the configuration that was read last; 0 where it is the one in force.
    var problems: Int { state.withLock { $0.problems } }

    func note(problems: Int) { state.withLock { $0.problems = problems } }

    /// Routes and instances in force.
    var size: (routes: Int, instances: Int) {
        state.withLock { state in
            let hosts = state.snapshot.hosts?.hosts.reduce(0) { $0 + $1.tree.routes.count } ?? 0
            let instances = state.snapshot.services.reduce(0) { $0 + $1.instances.count }
            return (state.snapshot.tree.routes.count + hosts, instances)
        }
    }

    private static func randomPrefix() -> UInt64 {
        // 31 bits: eight digits at most, and told apart by far more loops than there are.
        UInt64.random(in: 1...0x7FFF_FFFF)
    }
}
