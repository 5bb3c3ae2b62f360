import Testing

@testable import Gateway

@Suite("Slow start")
struct SlowStartTests {
    private let second: UInt64 = 1_000_000_000

    private func share(after seconds: Double, start: UInt64 = 100_000_000_000) -> Int {
        let now = Int64(start) + Int64(seconds * 1e9)
        return SlowStart.weight(Weights.one, start: start, time: 10 * second, now: UInt64(now))
    }

    @Test("the share grows evenly from a tenth to the whole")
    func ramp() {
        #expect(share(after: 0) == Weights.least)
        #expect(share(after: 0.5) == Weights.least)
        #expect(abs(share(after: 5) - 512) <= 2)
        #expect(abs(share(after: 9) - 921) <= 2)
        #expect(share(after: 10) == Weights.one)
        #expect(share(after: 100) == Weights.one)
        // It comes back from an ejection that is still to end.
        #expect(share(after: -3) == Weights.least)
    }

    @Test("who was there from the beginning has the whole at once; a weight grows as a whole does")
    func always() {
        #expect(SlowStart.weight(3 * Weights.one, start: 0, time: 10 * second, now: 1) == 3 * Weights.one)
        #expect(SlowStart.weight(3 * Weights.one, start: 5, time: 0, now: 6) == 3 * Weights.one)
        let half = SlowStart.weight(4 * Weights.one, start: second, time: 10 * second, now: 6 * second)
        #expect(abs(half - 2 * Weights.one) <= 8)
    }

    @Test("one that joins gets its growing share of the requests", arguments: [0.1, 0.5])
    func requests(share: Double) {
        var random = SpreadRandom(seed: 21)
        var round = RoundRobin(count: 3, &random)
        var candidates = PlayedCandidates(count: 3)
        candidates.weights[2] = Int(share * Double(Weights.one))
        let expected = 6000 * share / (2 + share)
        let turns = candidates.counts(of: 6000) { round.choose($0) }[2]
        #expect(abs(Double(turns) - expected) < 10)
        let drawn = candidates.counts(of: 6000) { LeastRequests.choose($0, &random) }[2]
        #expect(abs(Double(drawn) - expected) < 150)
    }
}
