/// Two instances at random, of which the better is taken: close to the best of all, at a cost that does not grow with
/// their number, and without the herd that follows the best of all.
enum TwoChoices {
    /// Two that can be used, the first drawn by its weight; the same twice where there is one; nil where there is none.
    @inline(__always) static func draw(
        _ candidates: some Candidates, _ random: inout SpreadRandom
    ) -> (first: Int, second: Int)? {
        let count = candidates.count
        guard count > 1 else { return count == 1 && candidates.canUse(0) ? (0, 0) : nil }
        guard candidates.isEven else { return drawWeighted(candidates, &random) }
        let first = random.draw(below: count)
        var second = random.draw(below: count - 1)
        if second >= first { second += 1 }
        switch (candidates.canUse(first), candidates.canUse(second)) {
        case (true, true): return (first, second)
        case (true, false) where count == 2: return (first, first)
        case (false, true) where count == 2: return (second, second)
        default: return drawUsable(candidates, &random)
        }
    }

    /// The same where some are out: of those that are left each is as likely.
    private static func drawUsable(
        _ candidates: some Candidates, _ random: inout SpreadRandom
    ) -> (first: Int, second: Int)? {
        let usable = candidates.usable()
        guard usable > 0 else { return nil }
        let first = random.draw(below: usable)
        var second = first
        if usable > 1 {
            second = random.draw(below: usable - 1)
            if second >= first { second += 1 }
        }
        return (nth(first, candidates), nth(second, candidates))
    }

    private static func nth(_ number: Int, _ candidates: some Candidates) -> Int {
        var left = number
        for place in 0..<candidates.count where candidates.canUse(place) {
            if left == 0 { return place }
            left -= 1
        }
        return 0
    }

    private static func drawWeighted(
        _ candidates: some Candidates, _ random: inout SpreadRandom
    ) -> (first: Int, second: Int)? {
        var sum = 0
        for place in 0..<candidates.count where candidates.canUse(place) { sum += candidates.weight(place) }
        guard sum > 0 else { return nil }
        let first = at(random.draw(below: sum), candidates, except: -1)
        sum -= candidates.weight(first)
        guard sum > 0 else { return (first, first) }
        return (first, at(random.draw(below: sum), candidates, except: first))
    }

    private static func at(_ share: Int, _ candidates: some Candidates, except: Int) -> Int {
        var left = share
        var last = 0
        for place in 0..<candidates.count where place != except && candidates.canUse(place) {
            last = place
            left -= candidates.weight(place)
            if left < 0 { break }
        }
        return last
    }
}
