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
        var workers: [LoopBound<Worker>] = []
        /// What was wrong with the files when they were last read.
        var problems = 0
    }
    private let state: Mutex<State>
    private let rates: RateLimiter
    /// Of all instances, by their addresses.
    let states = InstanceStates()
    private let outside: OutsideControl?
    private let health: HealthControl?
    private let leakLog: LeakLog?
    /// The listeners that speak TLS.
    let secured: TLSListeners

    /// - Parameters:
    ///   - outside: keeps what the names of services lead to, and tokens.
    ///   - health: checks the instances of services that ask for it.
    init(
        _ configuration: GatewayConfiguration, outside: OutsideControl? = nil, health: HealthControl? = nil,
        leakLog: LeakLog? = nil
    ) {
        self.outside = outside
        self.health = health
        self.leakLog = leakLog
        secured = TLSListeners(configuration.main.secured)
        rates = RateLimiter(keys: configuration.main.rateKeys)
        outside?.prepare(configuration)
        let known = outside?.known ?? OutsideTable()
        state = Mutex(
            State(configuration: configuration, snapshot: configuration.snapshot(known, states), known: known))
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
            leakLog: leakLog)
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
            return distribute(configuration.snapshot(state.known, states), &state)
        }
    }

    /// Looks again at the folders that instances live in, at what names lead to, and at tokens; returns how many
    /// instances came and went.
    func refreshInstances() -> (added: Int, removed: Int) {
        state.withLock { state in
            let known = outside?.known ?? OutsideTable()
            let before = Set(state.snapshot.services.flatMap(\.instances))
            let services = state.configuration.services
            let after = Set(
                services.flatMap { service in service.instances.flatMap { $0.resolve { known[$0] } } })
            // A snapshot costs more than a look at the folders.
            guard before != after || known != state.known else { return (0, 0) }
            state.known = known
            distribute(state.configuration.snapshot(known, states), &state)
            return (after.subtracting(before).count, before.subtracting(after).count)
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
        let arrival = Arrival(state.workers.count)
        for worker in state.workers {
            let isTaken = worker.execute { worker, _ in
                worker.install(snapshot)
                arrival.arrive()
            }
            if !isTaken { arrival.arrive() }
        }
        return arrival
    }

    private func check(_ snapshot: Snapshot) {
        health?.keep(HealthTarget.all(of: snapshot.services, snapshot.states))
    }

    /// Services that have instances, and none that may be asked for anything.
    var closedServices: [String] {
        let snapshot = state.withLock { $0.snapshot }
        return snapshot.services.filter { service in
            !service.instances.isEmpty && service.instances.allSatisfy { snapshot.states[$0]?.isOpen == false }
        }.map(\.name)
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
