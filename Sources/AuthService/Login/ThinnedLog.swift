import CLinux
import Synchronization

/// Thins out what is logged of one kind of event: a flood of them is one line in ten seconds and a number.
final class ThinnedLog<Fact: Sendable>: Sendable {
    struct Event: Sendable {
        let fact: Fact
        /// Facts since the event before that were not logged.
        let unlogged: Int
    }

    private struct State {
        var last: UInt64?
        var unlogged = 0
    }

    private static var pause: UInt64 { 10_000_000_000 }

    private let state = Mutex(State())
    private let now: @Sendable () -> UInt64
    private let log: @Sendable (Event) -> Void

    /// - Parameter now: nanoseconds of a clock that only goes forward.
    init(now: @escaping @Sendable () -> UInt64 = { postern_monotonic_ns() }, log: @escaping @Sendable (Event) -> Void) {
        self.now = now
        self.log = log
    }

    func record(_ fact: Fact) {
        let now = now()
        let event: Event? = state.withLock { state in
            if let last = state.last, now - last < Self.pause {
                state.unlogged += 1
                return nil
            }
            defer { state = State(last: now) }
            return Event(fact: fact, unlogged: state.unlogged)
        }
        if let event { log(event) }
    }
}
