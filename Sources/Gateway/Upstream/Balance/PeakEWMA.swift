import Glibc

/// `ewma`: of two at random the one that is likely to answer sooner, by an average of its times to the first byte that
/// follows a slower answer at once and a quicker one by and by (peak EWMA, as in Finagle), times what is under way.
struct PeakEWMA {
    /// Nanoseconds in which a time counts for 1/e of what it did.
    static let decay = 10_000_000_000.0
    /// What an exchange that failed counts for at least: one who fails quickly must not look quick.
    static let failure: UInt64 = 1_000_000_000

    private var average = 0.0
    /// When that was so; 0 for never.
    private var at: UInt64 = 0

    mutating func observe(_ latency: UInt64, now: UInt64) {
        let time = Double(latency)
        let past = at == 0 ? 0 : Self.left(now &- at)
        average = time > average * past ? time : average * past + time * (1 - past)
        at = now
    }

    /// Without news the memory of a slow answer fades, so that the instance is tried again.
    func cost(load: Int, now: UInt64) -> Double {
        // One of which nothing is known is asked at once, and no second time before it has answered.
        guard at > 0 else { return load == 0 ? 0 : Double(Self.failure) * Double(load + 1) }
        return average * Self.left(now &- at) * Double(load + 1)
    }

    private static func left(_ elapsed: UInt64) -> Double { exp(-Double(elapsed) / decay) }

    @inline(__always) static func choose(_ candidates: some Candidates, _ random: inout SpreadRandom) -> Int? {
        guard let (first, second) = TwoChoices.draw(candidates, &random) else { return nil }
        let one = candidates.cost(first) * Double(candidates.weight(second))
        let other = candidates.cost(second) * Double(candidates.weight(first))
        return one <= other ? first : second
    }
}
