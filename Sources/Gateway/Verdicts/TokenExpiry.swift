// Unsafe code: bytes copied out of a field.
import Shared

/// `Postern-Expires` of the auth service's answer: when the token ends, in whole seconds since 1970 (the claim `exp`,
/// RFC 7519 section 4.1.4). It is for the gateway, and goes on to no service.
enum TokenExpiry {
    static func isNamed(_ name: RawSpan) -> Bool { text(name).lowercased() == "postern-expires" }

    /// Nil for what is no such number.
    static func read(_ value: RawSpan) -> Int64? {
        let text = text(value)
        return text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }

    /// That time on the loop's clock; `now` for one that has passed.
    /// - Parameters:
    ///   - now: on the loop's clock.
    ///   - time: the same moment in milliseconds since 1970.
    static func moment(_ seconds: Int64, now: UInt64, time: Int64) -> UInt64 {
        let (milliseconds, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        guard !isBeyond else { return LoopTimer.never }
        let (rest, isFar) = max(0, milliseconds - time).multipliedReportingOverflow(by: 1_000_000)
        return isFar ? LoopTimer.never : now + UInt64(rest)
    }

    private static func text(_ bytes: RawSpan) -> String {
        String(decoding: unsafe bytes.withUnsafeBytes { unsafe Array($0) }, as: UTF8.self)
    }
}
