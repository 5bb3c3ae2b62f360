@testable import Gateway

/// Instances of a service as a test wants them.
struct PlayedCandidates: Candidates {
    var weights: [Int]
    var loads: [Int]
    var costs: [Double]
    var out: Set<Int> = []

    init(_ weights: [Int]) {
        self.weights = weights.map { $0 * Weights.one }
        loads = weights.map { _ in 0 }
        costs = weights.map { _ in 1 }
    }

    init(count: Int) { self.init(Array(repeating: 1, count: count)) }

    var count: Int { weights.count }
    var isEven: Bool { Set(weights).count <= 1 }
    func weight(_ place: Int) -> Int { weights[place] }
    func canUse(_ place: Int) -> Bool { !out.contains(place) }
    func load(_ place: Int) -> Int { loads[place] }
    func wholeLoad(_ place: Int) -> Int { loads[place] }
    func cost(_ place: Int) -> Double { costs[place] }

    /// How often each is chosen.
    func counts(of number: Int, _ choose: (PlayedCandidates) -> Int?) -> [Int] {
        var counts = Array(repeating: 0, count: count)
        for _ in 0..<number {
            if let place = choose(self) { counts[place] += 1 }
        }
        return counts
    }

    /// The same where each exchange lasts until so many others have begun.
    func counts(of number: Int, lasting length: Int, _ choose: (PlayedCandidates) -> Int?) -> [Int] {
        var candidates = self
        var counts = Array(repeating: 0, count: count)
        var open: [Int] = []
        for _ in 0..<number {
            guard let place = choose(candidates) else { continue }
            counts[place] += 1
            candidates.loads[place] += 1
            open.append(place)
            if open.count > length { candidates.loads[open.removeFirst()] -= 1 }
        }
        return counts
    }
}
