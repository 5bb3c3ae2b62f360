import Testing

@testable import Gateway

@Suite("The budget of retries")
struct RetryBudgetTests {
    @Test("a service whose requests all fail gets a fifth more of them, and the floor")
    func share() {
        var budget = RetryBudget(percent: 20)
        var retries = 0
        for number in 0..<10_000 {
            let now = 5 * second + UInt64(number) * millisecond
            budget.earn(now: now)
            if budget.spend(now: now) { retries += 1 }
        }
        // Ten seconds of a thousand requests: 2000 earned, 100 of the floor's ten seconds.
        #expect(retries == 2100)
    }

    @Test("over a long time it is a fifth, and ten a second")
    func longRun() {
        var budget = RetryBudget(percent: 20)
        var retries = 0
        for number in 0..<100_000 {
            let now = UInt64(number) * millisecond
            budget.earn(now: now)
            if budget.spend(now: now) { retries += 1 }
        }
        #expect((20_900...21_100).contains(retries), "\(retries)")
    }

    @Test("a quiet service has the floor, and has it again after ten seconds")
    func floor() {
        var budget = RetryBudget(percent: 20)
        func spendAll(at now: UInt64) -> Int { (0..<1000).count { _ in budget.spend(now: now) } }
        #expect(spendAll(at: 100 * second) == 100)
        #expect(spendAll(at: 109 * second) == 0)
        #expect(spendAll(at: 110 * second) == 100)
        // What was spent is forgotten by the second.
        #expect(spendAll(at: 500 * second) == 100)
    }

    @Test("what was earned is good for ten seconds")
    func age() {
        var budget = RetryBudget(percent: 100)
        for _ in 0..<50 { budget.earn(now: 3 * second) }
        let spent = (0..<1000).count { _ in budget.spend(now: 12 * second) }
        #expect(spent == 150)
        var other = RetryBudget(percent: 100)
        for _ in 0..<50 { other.earn(now: 3 * second) }
        let late = (0..<1000).count { _ in other.spend(now: 13 * second) }
        #expect(late == 100)
    }

    @Test("a budget of nothing is none, and all are sent again with a hundred percent")
    func ends() {
        var none = RetryBudget(percent: 0)
        none.earn(now: second)
        let isGranted = none.spend(now: second)
        #expect(!isGranted)
        var all = RetryBudget(percent: 100)
        for number in 0..<5000 {
            all.earn(now: UInt64(number) * millisecond)
            let isGranted = all.spend(now: UInt64(number) * millisecond)
            #expect(isGranted)
        }
    }
}
