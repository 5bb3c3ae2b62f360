import Testing

@testable import Gateway

@Suite("Consistent hashing with bounded loads")
struct ConsistentHashTests {
    private func names(_ count: Int) -> [String] { (1...count).map { "unix:/run/postern/data/\($0).sock" } }

    private func ring(_ count: Int) -> ConsistentHash { ConsistentHash(names(count), Weights()) }

    private func key(_ number: Int) -> UInt64 { ConsistentHash.key(0, UInt64(number)) }

    @Test("a key stays where it is, on all gateways and over restarts")
    func stable() {
        let candidates = PlayedCandidates(count: 5)
        let one = ring(5)
        let other = ring(5)
        for number in 0..<500 {
            let place = one.choose(candidates, Weights(), key: key(number))
            #expect(place != nil && place == other.choose(candidates, Weights(), key: key(number)))
        }
        // Written down: another hash would send everybody elsewhere with an upgrade.
        #expect((0..<8).map { one.choose(candidates, Weights(), key: key($0)) ?? -1 } == [1, 1, 3, 2, 0, 4, 1, 1])
    }

    @Test("the order in which instances are named changes nothing")
    func order() {
        let turned = ConsistentHash(names(5).reversed(), Weights())
        for number in 0..<500 {
            let place = ring(5).choose(PlayedCandidates(count: 5), Weights(), key: key(number))
            let other = turned.choose(PlayedCandidates(count: 5), Weights(), key: key(number))
            #expect(place == other.map { 4 - $0 })
        }
    }

    @Test("keys are spread over all, and a weight counts")
    func spread() {
        let even = (0..<20_000).reduce(into: Array(repeating: 0, count: 8)) { counts, number in
            if let place = ring8.choose(PlayedCandidates(count: 8), Weights(), key: key(number)) { counts[place] += 1 }
        }
        for count in even { #expect((1600...3500).contains(count)) }
        let weights = Weights([1, 4])
        let weighted = ConsistentHash(names(2), weights)
        let heavy = (0..<10_000).count { number in
            weighted.choose(PlayedCandidates([1, 4]), weights, key: key(number)) == 1
        }
        #expect((7200...8700).contains(heavy))
    }

    private let ring8 = ConsistentHash((1...8).map { "unix:/run/postern/data/\($0).sock" }, Weights())

    @Test("one more of N instances takes about 1/N of the keys, and moves no other")
    func growth() {
        let (seven, eight) = (ring(7), ring(8))
        var moved = 0
        for number in 0..<10_000 {
            let before = seven.choose(PlayedCandidates(count: 7), Weights(), key: key(number))
            let after = eight.choose(PlayedCandidates(count: 8), Weights(), key: key(number))
            guard before != after else { continue }
            #expect(after == 7)
            moved += 1
        }
        #expect((800...1700).contains(moved))
    }

    @Test("one that is out hands its keys to all others, and has them again when it is back")
    func failover() {
        var candidates = PlayedCandidates(count: 5)
        let before = (0..<2000).map { ring5.choose(candidates, Weights(), key: key($0)) }
        candidates.out = [2]
        let during = (0..<2000).map { ring5.choose(candidates, Weights(), key: key($0)) }
        var takers: Set<Int?> = []
        for (was, now) in zip(before, during) {
            if was == 2 { takers.insert(now) } else { #expect(was == now) }
        }
        #expect(takers == [0, 1, 3, 4])
        candidates.out = [0, 1, 2, 3, 4]
        #expect(ring5.choose(candidates, Weights(), key: 1) == nil)
    }

    private let ring5 = ConsistentHash((1...5).map { "unix:/run/postern/data/\($0).sock" }, Weights())

    @Test(
        "no instance has more than 1.25 times its share under way, though all ask for one",
        arguments: [[1, 1, 1, 1], [1, 2, 5]])
    func bounded(_ weights: [Int]) throws {
        var candidates = PlayedCandidates(weights)
        let ring = ConsistentHash(names(weights.count), Weights(weights))
        for number in 0..<1000 {
            // One user has most of it.
            let key = number % 10 == 0 ? key(number) : key(42)
            let place = try #require(ring.choose(candidates, Weights(weights), key: key))
            candidates.loads[place] += 1
            let share = Double(candidates.loads.reduce(0, +)) * Double(weights[place]) / Double(weights.reduce(0, +))
            let bound = max(8, (share * 1.25).rounded(.up))
            #expect(Double(candidates.loads[place]) <= bound)
        }
    }

    @Test("where little is under way a key stays on its instance")
    func sticky() throws {
        var candidates = PlayedCandidates(count: 4)
        let first = try #require(ring(4).choose(candidates, Weights(), key: 99))
        candidates.loads[first] = 7
        #expect(ring(4).choose(candidates, Weights(), key: 99) == first)
        candidates.loads[first] = 8
        #expect(ring(4).choose(candidates, Weights(), key: 99) != first)
    }

    @Test("an instance whose share still grows takes a part of its keys, and those for good")
    func slowStart() {
        var candidates = PlayedCandidates(count: 4)
        let whole = Set((0..<4000).filter { ring(4).choose(candidates, Weights(), key: key($0)) == 3 })
        var before: Set<Int> = []
        for share in [102, 300, 600, 900] {
            candidates.weights[3] = share
            let now = Set((0..<4000).filter { ring4.choose(candidates, Weights(), key: key($0)) == 3 })
            #expect(now.isSuperset(of: before) && now.isSubset(of: whole))
            let part = Double(now.count) / Double(whole.count)
            #expect(abs(part - Double(share) / 1024) < 0.2)
            before = now
        }
    }

    private let ring4 = ConsistentHash((1...4).map { "unix:/run/postern/data/\($0).sock" }, Weights())
}
