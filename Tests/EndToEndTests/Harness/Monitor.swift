import CLinux
import Glibc
import Synchronization

/// A value that several threads change, and wait for.
final class Monitor<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        /// The eventfds of those who wait.
        var waiting: [Int32] = []
    }
    private let state: Mutex<State>

    init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    var value: Value { state.withLock { $0.value } }

    /// Changes the value and wakes whoever waits for it.
    @discardableResult
    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state.value)
            for waiter in state.waiting { _ = postern_eventfd_signal(waiter) }
            return result
        }
    }

    /// Waits until `condition` gives something; nil when that takes longer than `limit`.
    func wait<Result: Sendable>(_ limit: Duration = .patience, for condition: (Value) -> Result?) -> Result? {
        let deadline = Deadline(in: limit)
        let event = postern_eventfd()
        defer { close(event) }
        state.withLock { $0.waiting.append(event) }
        defer { state.withLock { state in state.waiting.removeAll { $0 == event } } }
        while true {
            if let result = state.withLock({ condition($0.value) }) { return result }
            guard !deadline.hasPassed else { return nil }
            var descriptor = pollfd(fd: event, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&descriptor, 1, deadline.milliseconds)
            _ = postern_eventfd_drain(event)
        }
    }
}

/// A moment on the monotonic clock.
struct Deadline {
    private let at: UInt64

    init(in duration: Duration) {
        at = postern_monotonic_ns() + UInt64(max(0, duration / .nanoseconds(1)))
    }

    var hasPassed: Bool { postern_monotonic_ns() >= at }

    /// What is left, for poll(2), rounded up.
    var milliseconds: Int32 {
        let now = postern_monotonic_ns()
        return now >= at ? 0 : Int32(clamping: (at - now) / 1_000_000 + 1)
    }
}

extension Duration {
    /// How long a test waits for what must come: far more than it takes, so that a busy machine fails no test.
    static let patience = Duration.seconds(30)
}

/// Runs `body` and says how long it took.
func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, time: Duration) {
    let start = postern_monotonic_ns()
    let result = try body()
    return (result, .nanoseconds(Int64(postern_monotonic_ns() - start)))
}
