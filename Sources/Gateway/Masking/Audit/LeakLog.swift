import CLinux
import Logging
import Shared
import Synchronization

/// Says that answers tell of services: at the first, and then at most once a minute. It says of what kind and by which
/// route, never what: a log is no place for that.
final class LeakLog: Sendable {
    private struct State {
        var toldAt: UInt64?
        /// Found since then, of each kind.
        var counts = [Int](repeating: 0, count: LeakKind.allCases.count)
    }
    private static let pause: UInt64 = 60_000_000_000

    private let state = Mutex(State())
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func tell(of kinds: [LeakKind], in rule: RouteRule, now: UInt64 = postern_monotonic_ns()) {
        let counts = state.withLock { state -> [Int]? in
            for kind in kinds { state.counts[kind.index] += 1 }
            if let toldAt = state.toldAt, now < toldAt + Self.pause { return nil }
            defer { state = State(toldAt: now) }
            return state.counts
        }
        guard let counts else { return }
        var metadata: Logger.Metadata = ["route": "\(rule.pattern)"]
        for kind in LeakKind.allCases where counts[kind.index] > 0 {
            metadata["leaks.\(kind.rawValue)"] = "\(counts[kind.index])"
        }
        logger.warning("answers tell of a service", metadata: metadata)
    }
}
