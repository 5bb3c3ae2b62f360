import CLinux
import Synchronization

/// Thins out what is logged of failing logins: a flood of them is one line in ten seconds and a number.
final class LoginFaultLog: Sendable {
    struct Event: Sendable, Equatable {
        let fault: LoginFault
        /// Faults since the event before that were not logged.
        let unlogged: Int
    }

    private struct State {
        var last: UInt64?
        var unlogged = 0
    }

    private static let pause: UInt64 = 10_000_000_000

    private let state = Mutex(State())
    private let now: @Sendable () -> UInt64
    private let log: @Sendable (Event) -> Void

    /// - Parameter now: nanoseconds of a clock that only goes forward.
    init(now: @escaping @Sendable () -> UInt64 = { postern_monotonic_ns() }, log: @escaping @Sendable (Event) -> Void) {
        self.now = now
        self.log = log
    }

    func record(_ fault: LoginFault) {
        let now = now()
        let event: Event? = state.withLock { state in
            if let last = state.last, now - last < Self.pause {
                state.unlogged += 1
                return nil
            }
            defer { state = State(last: now) }
            return Event(fault: fault, unlogged: state.unlogged)
        }
        if let event { log(event) }
    }
}
