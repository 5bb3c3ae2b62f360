import Testing

@testable import Gateway

@Suite("For how long an instance is ejected, and how many may be")
struct EjectionRuleTests {
    private let second: UInt64 = 1_000_000_000
    private let rule = EjectionRule()

    @Test("each time in a row is twice as long as the last, up to five minutes")
    func growth() {
        var (step, end, now): (Int, UInt64, UInt64) = (0, 0, 1000)
        var seconds: [UInt64] = []
        for _ in 0..<8 {
            let next = rule.next(after: step, endedAt: end, now: now)
            seconds.append(next.time / second)
            step = next.step
            end = now + next.time
            // It fails again at once when it is back.
            now = end
        }
        #expect(seconds == [10, 20, 40, 80, 160, 300, 300, 300])
        #expect(rule.next(after: 400, endedAt: 1, now: 2).time == 300 * second)
    }

    @Test("who behaves for as long as it was out takes a step back, down to the first")
    func shrinking() {
        let end = 1000 * second
        #expect(rule.next(after: 3, endedAt: end, now: end + 39 * second).time == 80 * second)
        #expect(rule.next(after: 3, endedAt: end, now: end + 40 * second).time == 40 * second)
        #expect(rule.next(after: 3, endedAt: end, now: end + 85 * second).time == 20 * second)
        let long = rule.next(after: 3, endedAt: end, now: end + 1000 * second)
        #expect(long.time == 10 * second && long.step == 1)
    }

    @Test(
        "never more than the share that need not be kept, rounded down",
        arguments: [(50, [0, 1, 1, 2, 2]), (90, [0, 0, 0, 0, 0]), (1, [0, 1, 2, 3, 4]), (100, [0, 0, 0, 0, 0])])
    func share(keep: Int, allowed: [Int]) {
        var rule = EjectionRule()
        rule.keep = keep
        #expect((1...5).map { rule.allowed(of: $0) } == allowed)
    }

    @Test("outliers are slower by the factor than the median, and by a moment that means something")
    func outliers() {
        let millisecond: UInt64 = 1_000_000
        func find(_ means: [UInt64?]) -> [Int] {
            Ejector.outliers(means.map { $0.map { $0 * millisecond } }, 4)
        }
        #expect(find([20, 25, 90, 200]) == [3])
        #expect(find([20, 25, 130, 200]) == [3, 2])
        #expect(find([20, 200]) == [1])
        #expect(find([20, 21, 22]) == [])
        // Nine milliseconds are no reason, though they are nine times as much.
        #expect(find([1, 1, 10]) == [])
        #expect(find([1, 1, 12]) == [2])
        // Of too few exchanges nothing is known; nor of one instance by itself.
        #expect(find([20, nil, 200, nil]) == [2])
        #expect(find([nil, nil, 200]) == [])
        #expect(find([]) == [])
    }
}
