import CLinux
import Synchronization

/// Thins out what is logged of one kind of event: a flood of them is so many lines in ten seconds and a number.
final class ThinnedLog<Fact: Sendable>: Sendable {
    struct Event: Sendable {
        let fact: Fact
        /// Facts since the line before that were not logged.
        let unlogged: Int
    }

    private struct State {
        var began: UInt64?
        var logged = 0
        var unlogged = 0
    }

    private static var pause: UInt64 { 10_000_000_000 }

    private let state = Mutex(State())
    private let burst: Int
    private let now: @Sendable () -> UInt64
    private let log: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - burst: lines in ten seconds, at most.
    ///   - now: nanoseconds of a clock that only goes forward.
    init(
        burst: Int = 1, now: @escaping @Sendable () -> UInt64 = { postern_monotonic_ns() },
        log: @escaping @Sendable (Event) -> Void
    ) {
        self.burst = burst
        self.now = now
        self.log = log
    }

    func record(_ fact: Fact) {
        let now = now()
        let event: Event? = state.withLock { state in
            if state.began.map({ now - $0 >= Self.pause }) ?? true {
                state = State(began: now, unlogged: state.unlogged)
            }
            guard state.logged < burst else {
                state.unlogged += 1
                return nil
            }
            state.logged += 1
            defer { state.unlogged = 0 }
            return Event(fact: fact, unlogged: state.unlogged)
        }
        if let event { log(event) }
    }
}
