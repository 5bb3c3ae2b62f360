import Testing

@testable import Gateway

@Suite("Round robin")
struct RoundRobinTests {
    @Test("each has its turn, and where the round begins is left to chance")
    func turns() {
        var starts: Set<Int> = []
        for seed in 1...40 {
            var random = SpreadRandom(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
            var round = RoundRobin(count: 4, &random)
            let candidates = PlayedCandidates(count: 4)
            let first = (0..<4).compactMap { _ in round.choose(candidates) }
            let second = (0..<4).compactMap { _ in round.choose(candidates) }
            #expect(Set(first) == [0, 1, 2, 3])
            #expect(first == second)
            starts.insert(first[0])
        }
        #expect(starts == [0, 1, 2, 3])
    }

    @Test("weights are kept to the last request, and the heavy one has no long rows")
    func weights() {
        var random = SpreadRandom(seed: 7)
        var round = RoundRobin(count: 3, &random)
        let candidates = PlayedCandidates([5, 1, 1])
        let order = (0..<70).compactMap { _ in round.choose(candidates) }
        #expect((0..<3).map { place in order.count { $0 == place } } == [50, 10, 10])
        let longest = order.split { $0 != 0 }.map(\.count).max() ?? 0
        #expect(longest <= 5)
        #expect(order.split { $0 != 0 }.count > 10)
    }

    @Test("those that are out are passed over, and come back to their share alone")
    func out() {
        var random = SpreadRandom(seed: 3)
        var round = RoundRobin(count: 3, &random)
        var candidates = PlayedCandidates(count: 3)
        candidates.out = [1]
        var order = (0..<100).compactMap { _ in round.choose(candidates) }
        #expect((0..<3).map { place in order.count { $0 == place } } == [50, 0, 50])
        candidates.out = []
        order = (0..<30).compactMap { _ in round.choose(candidates) }
        for place in 0..<3 { #expect((9...11).contains(order.count { $0 == place })) }
        candidates.out = [0, 1, 2]
        #expect(round.choose(candidates) == nil)
    }
}
