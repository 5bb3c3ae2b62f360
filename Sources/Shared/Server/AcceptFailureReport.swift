import CLinux
import Logging

/// When it is said that connections cannot be accepted: at the first failure, at one of another kind, and then at most once
/// a minute, with how many there were. Where descriptors have run out each client that connects is one.
struct AcceptFailureReport: Sendable {
    private static let pause: UInt64 = 60_000_000_000

    private var code: Int32 = 0
    private var count: UInt64 = 0
    private var toldAt: UInt64?

    /// One more failed. Returns how many were not told of yet, this one included, when it is time to tell.
    /// - Parameter now: nanoseconds of a monotonic clock.
    mutating func failed(_ code: Int32, now: UInt64) -> UInt64? {
        count &+= 1
        if let toldAt, code == self.code, now < toldAt + Self.pause { return nil }
        defer {
            self.code = code
            count = 0
            toldAt = now
        }
        return count
    }
}

/// The same, for all loops of a process, in its log.
final class AcceptFailureLog: Sendable {
    private let report = Guarded(AcceptFailureReport())

    func tell(_ error: LoopError, _ address: ListenAddress, _ logger: Logger) {
        guard let count = report.withLock({ $0.failed(error.code, now: postern_monotonic_ns()) }) else { return }
        logger.warning(
            "cannot accept", metadata: ["error": "\(error)", "listener": "\(address)", "failures": "\(count)"])
    }
}
