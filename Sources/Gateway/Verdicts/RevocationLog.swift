import CLinux
import Logging
import Shared
import Synchronization

/// Says that revocations are not heard, and that they are again: once for all loops, and a loss once in ten seconds at
/// most.
final class RevocationLog: Sendable {
    /// When to say something. Time is handed in.
    struct State {
        private static let pause: UInt64 = 10_000_000_000
        private var deaf = 0
        private var isTold = false
        private var toldAt: UInt64?

        /// Whether to say that a loop does not hear.
        /// - Parameter isFirst: it did until now, or has just begun; else it has tried again in vain.
        mutating func lose(isFirst: Bool, now: UInt64) -> Bool {
            if isFirst { deaf += 1 }
            guard !isTold, toldAt.map({ now >= $0 + Self.pause }) ?? true else { return false }
            isTold = true
            toldAt = now
            return true
        }

        /// Whether to say that all loops hear again, now that one does.
        mutating func recover() -> Bool {
            deaf -= 1
            guard deaf == 0, isTold else { return false }
            isTold = false
            return true
        }
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func lose(_ reason: String, grace: UInt64, isFirst: Bool, now: UInt64 = postern_monotonic_ns()) {
        guard state.withLock({ $0.lose(isFirst: isFirst, now: now) }) else { return }
        logger.warning(
            "revocations are not heard: a verdict is used for verdict_grace at most",
            metadata: [
                "reason": "\(reason)",
                "verdict_grace": "\(DurationText.format(.nanoseconds(Int64(clamping: grace))))",
            ])
    }

    func recover() {
        if state.withLock({ $0.recover() }) { logger.info("revocations are heard again") }
    }
}
