/// `round-robin`: one after the other, each as often as its weight says, and spread evenly over the round rather than in
/// a row (nginx's smooth weighted round robin): every instance gains its weight, the one with the most is taken and pays
/// the sum of all.
struct RoundRobin {
    private var credits: [Int]

    /// Begins anywhere in the round.
    init(count: Int, _ random: inout SpreadRandom) {
        credits = (0..<count).map { _ in random.draw(below: Weights.one) }
    }

    mutating func choose(_ candidates: some Candidates) -> Int? {
        var best = -1
        var sum = 0
        for place in 0..<min(candidates.count, credits.count) where candidates.canUse(place) {
            let weight = candidates.weight(place)
            sum += weight
            credits[place] += weight
            if best < 0 || credits[place] > credits[best] { best = place }
        }
        guard best >= 0 else { return nil }
        credits[best] -= sum
        return best
    }
}
