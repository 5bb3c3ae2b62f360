/// What a way of balancing sees of the instances of a service, by their places. The ways are pure: the state, the clock
/// and the chance are handed in.
protocol Candidates {
    var count: Int { get }
    /// Whether all weights are the same, now.
    var isEven: Bool { get }
    /// Its share as against the others', in `Weights.one` to a weight of 1, now.
    func weight(_ place: Int) -> Int
    func canUse(_ place: Int) -> Bool
    /// Exchanges under way on this loop.
    func load(_ place: Int) -> Int
    /// Exchanges under way on all loops.
    func wholeLoad(_ place: Int) -> Int
    /// What one more exchange is likely to cost it, in nanoseconds.
    func cost(_ place: Int) -> Double
}

extension Candidates {
    @inline(__always) func usable() -> Int {
        var number = 0
        for place in 0..<count where canUse(place) { number += 1 }
        return number
    }
}
