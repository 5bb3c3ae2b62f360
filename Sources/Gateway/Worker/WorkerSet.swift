import CLinux
import Shared
import Synchronization

/// The workers of all loops, and the one way to give them another configuration.
final class WorkerSet: Sendable {
    private struct State {
        var configuration: GatewayConfiguration
        var snapshot: Snapshot
        var workers: [LoopBound<Worker>] = []
    }
    private let state: Mutex<State>

    init(_ configuration: GatewayConfiguration) {
        state = Mutex(State(configuration: configuration, snapshot: configuration.snapshot()))
    }

    /// Makes the worker of a loop; called on that loop.
    func makeWorker(on loop: EventLoop) -> Worker {
        // A snapshot that is distributed before the worker is entered would pass it by: it is given the current one
        // afterwards.
        let worker = Worker(loop: loop, snapshot: state.withLock { $0.snapshot }, requestPrefix: Self.randomPrefix())
        let bound = LoopBound(worker, loop: loop)
        let current = state.withLock { state in
            state.workers.append(bound)
            return state.snapshot
        }
        worker.install(current)
        return worker
    }

    /// Puts a configuration in force on all loops, for the requests that begin from then on.
    func install(_ configuration: GatewayConfiguration) {
        state.withLock { state in
            state.configuration = configuration
            distribute(configuration.snapshot(), &state)
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

    private func distribute(_ snapshot: Snapshot, _ state: inout State) {
        state.snapshot = snapshot
        for worker in state.workers { worker.execute { worker, _ in worker.install(snapshot) } }
    }

    /// Routes and instances in force.
    var size: (routes: Int, instances: Int) {
        state.withLock { ($0.snapshot.tree.routes.count, $0.snapshot.services.reduce(0) { $0 + $1.instances.count }) }
    }

    private static func randomPrefix() -> UInt64 {
        // 31 bits: eight digits at most, and told apart by far more loops than there are.
        UInt64.random(in: 1...0x7FFF_FFFF)
    }
}
