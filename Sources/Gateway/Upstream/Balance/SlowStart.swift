/// `slow_start`: an instance that has joined, or is back, gets a share that grows evenly from a tenth of its own to the
/// whole, so that it can fill its caches first.
enum SlowStart {
    /// What is left of `weight`.
    /// - Parameters:
    ///   - start: when it joined; 0 for one that has always been there.
    ///   - time: nanoseconds for which its share grows.
    @inline(__always) static func weight(_ weight: Int, start: UInt64, time: UInt64, now: UInt64) -> Int {
        guard time > 0, start > 0 else { return weight }
        let elapsed = now > start ? now - start : 0
        guard elapsed < time else { return weight }
        let share = Int(elapsed / 1024 * UInt64(Weights.one) / max(1, time / 1024))
        return max(1, weight * min(Weights.one, max(Weights.least, share)) / Weights.one)
    }
}
