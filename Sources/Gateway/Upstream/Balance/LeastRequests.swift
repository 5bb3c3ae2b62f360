/// `least-requests`: of two at random the one with fewer exchanges under way on this loop, for its weight. Where both
/// have as many it is the first, which is drawn by its weight.
enum LeastRequests {
    @inline(__always) static func choose(_ candidates: some Candidates, _ random: inout SpreadRandom) -> Int? {
        guard let (first, second) = TwoChoices.draw(candidates, &random) else { return nil }
        let one = candidates.load(first) * candidates.weight(second)
        let other = candidates.load(second) * candidates.weight(first)
        return one <= other ? first : second
    }
}
