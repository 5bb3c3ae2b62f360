import Testing

@testable import Gateway

@Suite("Peak EWMA")
struct PeakEWMATests {
    private let millisecond: UInt64 = 1_000_000
    private let second: UInt64 = 1_000_000_000

    @Test("a slower answer counts at once, a quicker one by and by")
    func peak() {
        var times = PeakEWMA()
        times.observe(millisecond, now: second)
        #expect(times.cost(load: 0, now: second) == 1e6)
        times.observe(100 * millisecond, now: 2 * second)
        #expect(times.cost(load: 0, now: 2 * second) == 1e8)
        times.observe(millisecond, now: 3 * second)
        let after = times.cost(load: 0, now: 3 * second)
        #expect(after > 8e7 && after < 1e8)
        for step in 4...100 { times.observe(millisecond, now: UInt64(step) * second) }
        #expect(times.cost(load: 0, now: 100 * second) < 1.1e6)
    }

    @Test("what is under way makes it cost as much more")
    func load() {
        var times = PeakEWMA()
        times.observe(millisecond, now: second)
        #expect(times.cost(load: 3, now: second) == 4e6)
    }

    @Test("without news a slow time fades; of one that is new a single request learns what it costs")
    func fading() {
        var times = PeakEWMA()
        #expect(times.cost(load: 0, now: second) == 0)
        #expect(times.cost(load: 1, now: second) >= 1e9)
        times.observe(second, now: second)
        #expect(times.cost(load: 0, now: 101 * second) < 1e5)
    }

    @Test("a slow instance is passed over, but for the moments in which all others are busy")
    func choice() {
        var random = SpreadRandom(seed: 5)
        var candidates = PlayedCandidates(count: 3)
        candidates.costs = [1e6, 50e6, 1e6]
        #expect(candidates.counts(of: 1000) { PeakEWMA.choose($0, &random) }[1] == 0)
        candidates.costs = [60e6, 50e6, 70e6]
        let counts = candidates.counts(of: 999) { PeakEWMA.choose($0, &random) }
        #expect(counts[2] == 0 && counts[1] > counts[0])
    }

    @Test("a weight counts against the time: twice the weight may take twice as long")
    func weights() {
        var random = SpreadRandom(seed: 6)
        var candidates = PlayedCandidates([1, 4])
        candidates.costs = [1e6, 3e6]
        #expect(candidates.counts(of: 500) { PeakEWMA.choose($0, &random) } == [0, 500])
        candidates.costs = [1e6, 5e6]
        #expect(candidates.counts(of: 500) { PeakEWMA.choose($0, &random) } == [500, 0])
    }
}
