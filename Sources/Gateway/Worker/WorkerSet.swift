import CLinux
import Shared
import Synchronization

/// The workers of all loops, and the one way to give them another configuration.
final class WorkerSet: Sendable {
    private struct State {
        var configuration: GatewayConfiguration
        var snapshot: Snapshot
        var workers: [LoopBound<Worker>] = []
        /// What was wrong with the files when they were last read.
        var problems = 0
    }
    private let state: Mutex<State>
    private let rates: RateLimiter

    init(_ configuration: GatewayConfiguration) {
        rates = RateLimiter(keys: configuration.main.rateKeys)
        state = Mutex(State(configuration: configuration, snapshot: configuration.snapshot()))
    }

    /// Makes the worker of a loop; called on that loop.
    func makeWorker(on loop: EventLoop) -> Worker {
        // A snapshot that is distributed before the worker is entered would pass it by: it is given the current one
        // afterwards.
        let worker = Worker(
            loop: loop, snapshot: state.withLock { $0.snapshot }, requestPrefix: Self.randomPrefix(), rates: rates)
        let bound = LoopBound(worker, loop: loop)
        let current = state.withLock { state in
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
        state.withLock { state in
            state.configuration = configuration
            return distribute(configuration.snapshot(), &state)
        }
    }

    /// Looks again at the folders that instances live in; returns how many instances came and went.
    func refreshInstances() -> (added: Int, removed: Int) {
        state.withLock { state in
            let before = Set(state.snapshot.services.flatMap(\.instances))
            let snapshot = state.configuration.snapshot()
            let after = Set(snapshot.services.flatMap(\.instances))
            guard before != after else { return (0, 0) }
            distribute(snapshot, &state)
            return (after.subtracting(before).count, before.subtracting(after).count)
        }
    }

    @discardableResult
    private func distribute(_ snapshot: Snapshot, _ state: inout State) -> Arrival {
        state.snapshot = snapshot
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

    /// Problems of the configuration that was read last; 0 where it is the one in force.
    var problems: Int { state.withLock { $0.problems } }

    func note(problems: Int) { state.withLock { $0.problems = problems } }

    /// Routes and instances in force.
    var size: (routes: Int, instances: Int) {
        state.withLock { ($0.snapshot.tree.routes.count, $0.snapshot.services.reduce(0) { $0 + $1.instances.count }) }
    }

    private static func randomPrefix() -> UInt64 {
        // 31 bits: eight digits at most, and told apart by far more loops than there are.
        UInt64.random(in: 1...0x7FFF_FFFF)
    }
}
