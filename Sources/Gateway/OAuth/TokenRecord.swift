/// One token over time. A pure struct: what came of asking and the time go in; when to ask again comes out.
struct TokenRecord {
    /// The field `Authorization`; empty without a token that is good.
    private(set) var field: [UInt8] = []
    /// When the next one is to be asked for, on the loop's clock.
    private(set) var due: UInt64 = 0
    /// When the token ends.
    private(set) var end = UInt64.max
    private(set) var failures = 0
    /// It was asked for, and came, or did not.
    private(set) var isSettled = false
    private var askedAt: UInt64 = 0

    private static let second: UInt64 = 1_000_000_000
    /// After nobody gave one: doubled each time, up to the second.
    static let failureTime = second
    static let failureLimit = 60 * second
    /// Between two that are asked for because a service refused the last.
    static let rejectionPause = 10 * second

    mutating func willAsk(now: UInt64) {
        askedAt = now
        due = .max
    }

    /// - Parameter jitter: 0 to 1: several gateways that began together need not ask together.
    mutating func take(_ response: TokenResponse, now: UInt64, jitter: Double) {
        field = response.field
        failures = 0
        isSettled = true
        let life = response.lifetime * Self.second
        end = now + life
        // At 70 to 80 parts in a hundred of its life.
        due = now + life / 100 * 70 + UInt64(Double(life) / 10 * max(0, min(1, jitter)))
    }

    /// The token that there is stays until its end.
    mutating func fail(now: UInt64) {
        isSettled = true
        due = now + min(Self.failureTime << UInt64(min(failures, 10)), Self.failureLimit)
        failures += 1
    }

    /// A service did not take it: another is asked for, unless that was done a moment ago.
    mutating func wasRejected(now: UInt64) {
        guard due != .max, now >= askedAt + Self.rejectionPause else { return }
        due = min(due, now)
    }

    /// Forgets a token that has ended; whether there was one.
    mutating func expire(now: UInt64) -> Bool {
        guard !field.isEmpty, now >= end else { return false }
        field = []
        end = .max
        return true
    }

    /// When something is to be done next.
    var next: UInt64 { min(due, field.isEmpty ? .max : end) }
}
