import Shared
import Synchronization

/// What became of the passwords that were to be checked, since the start.
final class PasswordCounters: Sendable {
    enum Event: String, Sendable, CaseIterable {
        case correct
        /// A wrong password, or an account that does not exist.
        case wrong
        case limitedByAccount = "limited.account"
        case limitedByAddress = "limited.address"
        /// The queue was full.
        case refused
        /// Nobody waited any more when the turn came.
        case abandoned
        /// A hash was made anew.
        case rehashed
    }

    private let counts = Mutex<[Event: UInt64]>([:])

    func add(_ event: Event) { counts.withLock { $0[event, default: 0] += 1 } }

    subscript(event: Event) -> UInt64 { counts.withLock { $0[event] ?? 0 } }

    func count(in tally: inout Tally) {
        for event in Event.allCases { tally.add("passwords.\(event.rawValue)", self[event]) }
    }
}
