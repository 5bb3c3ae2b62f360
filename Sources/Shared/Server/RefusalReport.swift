import CLinux
import Logging

/// When it is said that connections are refused: at the first, and then at most once a minute, with how many they were.
struct RefusalReport: Sendable {
    private static let pause: UInt64 = 60_000_000_000

    private var told = ConnectionQuota.Refusals()
    private var toldAt: UInt64?

    /// One more was refused; `total` counts it. Returns those that were not told of yet when it is time to tell.
    /// - Parameter now: nanoseconds of a monotonic clock.
    mutating func refused(_ total: ConnectionQuota.Refusals, now: UInt64) -> ConnectionQuota.Refusals? {
        if let toldAt, now < toldAt + Self.pause { return nil }
        // Of two loops the one that counted first may come last.
        guard total.full >= told.full, total.clientFull >= told.clientFull else { return nil }
        defer {
            told = total
            toldAt = now
        }
        return ConnectionQuota.Refusals(full: total.full - told.full, clientFull: total.clientFull - told.clientFull)
    }
}

/// The same, for all loops of a process, in its log.
final class RefusalLog: Sendable {
    private let report = Guarded(RefusalReport())

    func tell(_ total: ConnectionQuota.Refusals, _ logger: Logger) {
        guard let news = report.withLock({ $0.refused(total, now: postern_monotonic_ns()) }) else { return }
        logger.warning(
            "connections refused",
            metadata: ["connections": "\(news.full)", "connections_per_client": "\(news.clientFull)"])
    }
}
