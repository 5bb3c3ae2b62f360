import Testing

@testable import Gateway

@Suite("Least requests, of two")
struct LeastRequestsTests {
    @Test("where nobody is busy all are as likely")
    func even() {
        var random = SpreadRandom(seed: 11)
        let counts = PlayedCandidates(count: 5).counts(of: 10_000) { LeastRequests.choose($0, &random) }
        for count in counts { #expect((1850...2150).contains(count)) }
    }

    @Test("the busiest of many is never taken; of two the less busy one always is")
    func busy() {
        var random = SpreadRandom(seed: 12)
        var candidates = PlayedCandidates(count: 4)
        candidates.loads = [0, 0, 9, 0]
        #expect(candidates.counts(of: 1000) { LeastRequests.choose($0, &random) }[2] == 0)
        candidates = PlayedCandidates(count: 2)
        candidates.loads = [3, 1]
        #expect(candidates.counts(of: 100) { LeastRequests.choose($0, &random) } == [0, 100])
    }

    @Test("weights are kept where nobody is busy, and under load", arguments: [0, 60])
    func weights(lasting length: Int) {
        var random = SpreadRandom(seed: 13)
        let counts = PlayedCandidates([1, 2, 5]).counts(of: 16_000, lasting: length) {
            LeastRequests.choose($0, &random)
        }
        #expect((1500...2500).contains(counts[0]))
        #expect((3200...4800).contains(counts[1]))
        #expect((9200...10_800).contains(counts[2]))
    }

    @Test("those that are out are never taken, and what is left is shared alike")
    func out() {
        var random = SpreadRandom(seed: 14)
        var candidates = PlayedCandidates(count: 8)
        candidates.out = [0, 1, 2, 5, 6]
        let counts = candidates.counts(of: 9000) { LeastRequests.choose($0, &random) }
        for place in candidates.out { #expect(counts[place] == 0) }
        for place in [3, 4, 7] { #expect((2800...3200).contains(counts[place])) }
        candidates.out.formUnion([3, 4])
        #expect(candidates.counts(of: 100) { LeastRequests.choose($0, &random) }[7] == 100)
        candidates.out.insert(7)
        #expect(LeastRequests.choose(candidates, &random) == nil)
        #expect(LeastRequests.choose(PlayedCandidates(count: 0), &random) == nil)
        var one = PlayedCandidates(count: 1)
        #expect(LeastRequests.choose(one, &random) == 0)
        one.out = [0]
        #expect(LeastRequests.choose(one, &random) == nil)
    }

    @Test("of weighted ones too those that are out are never taken")
    func weightedOut() {
        var random = SpreadRandom(seed: 15)
        var candidates = PlayedCandidates([1, 3, 9])
        candidates.out = [2]
        let counts = candidates.counts(of: 4000) { LeastRequests.choose($0, &random) }
        #expect(counts[2] == 0)
        #expect((850...1150).contains(counts[0]))
        candidates.out = [0, 1, 2]
        #expect(LeastRequests.choose(candidates, &random) == nil)
    }
}
