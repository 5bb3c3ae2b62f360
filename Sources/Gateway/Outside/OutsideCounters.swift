import Shared
import Synchronization

/// What the control side has done for outside services. Counted on one thread, read on others.
final class OutsideCounters: Sendable {
    enum Event: Int, CaseIterable {
        case nameResolved, nameFailed, addressRefused, tokenFetched, tokenFailed

        /// By the name under which an operator meets it.
        var name: String {
            switch self {
            case .nameResolved: "names.resolved"
            case .nameFailed: "names.failed"
            case .addressRefused: "names.addresses_refused"
            case .tokenFetched: "oauth.fetched"
            case .tokenFailed: "oauth.failed"
            }
        }
    }
    private let counts = Mutex([UInt64](repeating: 0, count: Event.allCases.count))

    func count(_ event: Event, _ number: Int = 1) {
        counts.withLock { $0[event.rawValue] &+= UInt64(number) }
    }

    subscript(event: Event) -> UInt64 { counts.withLock { $0[event.rawValue] } }

    func add(to tally: inout Tally) {
        for event in Event.allCases { tally.add(event.name, self[event]) }
    }
}
