/// How many requests may be sent again, as a part of those that are sent for the first time: a service in trouble must not
/// get more work for it. One service's, on one loop.
///
/// The last ten seconds count: each request earns a part of a retry, each retry costs a whole one. Beside what is earned
/// there is a floor, so that a quiet service's requests may be sent again too.
struct RetryBudget {
    /// Retries that need not be earned, a second.
    static let floor = 10
    private static let seconds = 10

    /// Retries for a hundred requests; 0 for none, not even the floor's.
    var percent: Int
    /// Hundredths of a retry, earned and spent, by the second.
    private var slots: InlineArray<10, Int> = .init(repeating: 0)
    private var current: UInt64 = 0

    init(percent: Int = 20) {
        self.percent = percent
    }

    /// A request is sent for the first time.
    /// - Parameter now: nanoseconds of a monotonic clock.
    @inline(__always) mutating func earn(now: UInt64) {
        advance(to: now / 1_000_000_000)
        slots[Int(current % 10)] &+= percent
    }

    /// Whether one may be sent again; it is paid for then.
    mutating func spend(now: UInt64) -> Bool {
        guard percent > 0 else { return false }
        advance(to: now / 1_000_000_000)
        var left = Self.floor * Self.seconds * 100
        for index in 0..<Self.seconds { left += slots[index] }
        guard left >= 100 else { return false }
        slots[Int(current % 10)] -= 100
        return true
    }

    @inline(__always) private mutating func advance(to second: UInt64) {
        if second != current { forget(upTo: second) }
    }

    /// What is ten seconds old is forgotten.
    private mutating func forget(upTo second: UInt64) {
        guard second > current else { return }
        if second - current >= UInt64(Self.seconds) {
            slots = .init(repeating: 0)
        } else {
            for passed in current + 1...second { slots[Int(passed % 10)] = 0 }
        }
        current = second
    }
}
