import Logging
import Synchronization

/// Ejections that are to be told of. Noted by the loops, told by the control side: no loop waits for a log.
final class EjectionLog: Sendable {
    enum Reason: Sendable, Equatable {
        case faults(Int)
        case latency
    }
    struct Entry: Sendable, Equatable {
        let service: String
        let instance: InstanceAddress
        let reason: Reason
        let seconds: Int
    }
    static let ofProcess = EjectionLog()
    private static let limit = 256

    private let entries = Mutex<[Entry]>([])

    func add(_ entry: Entry) {
        entries.withLock { entries in
            if entries.count < Self.limit { entries.append(entry) }
        }
    }

    /// What came since it was last asked for.
    func take() -> [Entry] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }

    func report(to logger: Logger) {
        for entry in take() {
            let reason =
                switch entry.reason {
                case .faults(let count): "\(count) failures in a row"
                case .latency: "slower by far than the others"
                }
            logger.warning(
                "instance ejected",
                metadata: [
                    "service": "\(entry.service)", "instance": "\(entry.instance)", "reason": "\(reason)",
                    "seconds": "\(entry.seconds)",
                ])
        }
    }
}
