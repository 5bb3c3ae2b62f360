import Logging
import Shared
import Synchronization

/// The checks of instances, on a thread and a loop of their own, which are there once something is to be checked.
final class HealthControl: Sendable {
    private struct State {
        var thread: LoopThread?
        var checker: LoopBound<HealthChecker>?
        var isStopped = false
    }
    private let state = Mutex(State())
    private let logger: Logger
    let counters = HealthCounters()

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Checks what a snapshot wants to be checked, and nothing else. Does not wait.
    func keep(_ targets: [HealthTarget]) {
        let checker = state.withLock { state -> LoopBound<HealthChecker>? in
            guard !state.isStopped else { return nil }
            if state.checker == nil, !targets.isEmpty { start(&state) }
            return state.checker
        }
        checker?.execute { checker, _ in checker.keep(targets) }
    }

    private func start(_ state: inout State) {
        let box = HealthShelf()
        do throws(LoopError) {
            state.thread = try LoopThread(name: "health") { [counters, logger] loop in
                box.put(LoopBound(HealthChecker(loop: loop, counters: counters, logger: logger), loop: loop))
            }
            state.checker = box.checker
        } catch {
            logger.error("instances are not checked", metadata: ["cause": "\(error)"])
        }
    }

    /// Ends the thread.
    func stop() {
        let (thread, checker) = state.withLock { state in
            defer {
                state.isStopped = true
                state.thread = nil
                state.checker = nil
            }
            return (state.thread, state.checker)
        }
        checker?.execute { checker, _ in checker.stop() }
        thread?.stop()
        thread?.join()
    }
}

/// Where the loop puts what it has made.
private final class HealthShelf: Sendable {
    private let state = Mutex<LoopBound<HealthChecker>?>(nil)

    func put(_ checker: LoopBound<HealthChecker>) { state.withLock { $0 = checker } }

    var checker: LoopBound<HealthChecker>? { state.withLock { $0 } }
}
