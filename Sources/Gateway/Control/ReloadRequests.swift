import Shared
import Synchronization

/// Those who have asked for a reload over the control socket. The main thread makes one for all that wait.
final class ReloadRequests: Sendable {
    enum Outcome: Sendable {
        case reloaded(ReloadReport)
        /// What runs has stayed as it was.
        case refused([ConfigurationProblem])
        /// The same, for another reason than the files; what it was is in the log.
        case failed
        /// The process is going down.
        case stopping
    }

    private struct State {
        var waiting: [CheckedContinuation<Outcome, Never>] = []
        var isOpen = true
    }
    private let state = Mutex(State())
    private let waker: Waker

    init(waker: Waker) { self.waker = waker }

    /// Has the main thread reload, and tells what came of it.
    func ask() async -> Outcome {
        await withCheckedContinuation { continuation in
            let isTaken = state.withLock { state in
                if state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isTaken { waker.wake() } else { continuation.resume(returning: .stopping) }
        }
    }

    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    /// Those who wait; each is to be told.
    func take() -> [CheckedContinuation<Outcome, Never>] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// There will be no reload any more.
    func close() {
        state.withLock { $0.isOpen = false }
        for continuation in take() { continuation.resume(returning: .stopping) }
    }
}
