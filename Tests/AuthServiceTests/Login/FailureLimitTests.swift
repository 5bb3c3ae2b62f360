import Testing

@testable import AuthService

@Suite("Failures that are counted and forgotten")
struct FailureLimitTests {
    private let limit = FailureLimit(free: 5, delay: 1000, longest: 900_000, forget: 3_600_000)

    /// Fails `times` times, each as soon as it may, from `now` on; the waits after each, in milliseconds.
    private func fail(_ times: Int, from now: Int64 = 1_000_000) -> (waits: [Int64], count: FailureCount?, now: Int64) {
        var (waits, count, now) = ([Int64](), FailureCount?.none, now)
        for _ in 0..<times {
            let failed = limit.failed(count, now: now)
            let wait = limit.wait(failed, now: now)
            waits.append(wait)
            count = failed
            now += wait
        }
        return (waits, count, now)
    }

    @Test("some are free, then the wait doubles, up to the longest")
    func growth() {
        // From the longest waits on, one is forgotten meanwhile.
        #expect(
            fail(18).waits.map { $0 / 1000 } == [
                0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512, 900, 512,
            ])
        #expect(fail(200).waits.max() == 900_000)
    }

    @Test("no attempt is allowed a millisecond early, and one is then")
    func border() {
        let count = limit.failed(fail(5).count, now: 1_001_000)
        #expect(limit.wait(count, now: 1_002_999) == 1)
        #expect(limit.wait(count, now: 1_003_000) == 0)
        #expect(limit.wait(nil, now: 0) == 0)
    }

    @Test("one is forgotten each fifth of the time, all of them in a time that has an end")
    func forgetting() {
        let (_, count, now) = fail(5)
        // The fifth of five: after twelve minutes it is as if four had failed.
        #expect(limit.wait(limit.failed(count, now: now), now: now) == 2000)
        let later = now + 720_000
        #expect(limit.wait(limit.failed(count, now: later), now: later) == 1000)
        let muchLater = now + 3_600_000
        #expect(limit.wait(limit.failed(count, now: muchLater), now: muchLater) == 0)
        // However often somebody tries, no more than that is held against the account.
        let (_, worst, end) = fail(1000)
        #expect((worst?.forgotten ?? .max) - end <= 16 * 720_000)
    }

    @Test("guesses at the pace at which they are forgotten are all that is left in the long run")
    func pace() {
        var (count, now, tries) = (FailureCount?.none, Int64(0), 0)
        while now < 30 * 86_400_000 {
            count = limit.failed(count, now: now)
            now += max(1, limit.wait(count, now: now))
            tries += 1
        }
        // Thirty days of 24 hours, five an hour, and what was free.
        #expect(tries <= 30 * 24 * 5 + 20)
    }

    @Test("a clock that is set back locks nobody out")
    func clockSetBack() {
        let (_, count, now) = fail(12)
        #expect(limit.wait(count, now: now - 86_400_000) == 0)
        #expect(limit.wait(limit.failed(count, now: now - 86_400_000), now: now - 86_400_000) <= 900_000)
    }

    @Test("the extremes of what can be configured overflow nothing")
    func extremes() {
        let limit = FailureLimit(free: 1_000_000, delay: 100, longest: 86_400_000, forget: 1000)
        var count: FailureCount?
        for _ in 0..<10 { count = limit.failed(count, now: .max / 4) }
        #expect(limit.wait(count, now: .max / 4) == 0)
        let one = FailureLimit(free: 1, delay: 86_400_000, longest: 86_400_000, forget: 86_400_000 * 30)
        #expect(one.wait(one.failed(nil, now: 5), now: 5) == 86_400_000)
    }
}
