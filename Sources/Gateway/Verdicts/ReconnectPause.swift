/// How long to wait before the next attempt at a stream: ever longer, within bounds, and not all at once.
struct ReconnectPause {
    static let shortest: UInt64 = 50_000_000
    static let longest: UInt64 = 1_000_000_000
    /// For one who answers, and has no such stream.
    static let absent: UInt64 = 30_000_000_000

    private var failures: UInt64 = 0

    /// Nanoseconds, from the half to the whole of what is due. `chance` is any number.
    mutating func next(chance: UInt64) -> UInt64 {
        let due = min(Self.shortest << min(failures, 10), Self.longest)
        failures += 1
        return due / 2 + chance % (due / 2 + 1)
    }

    /// An attempt has led to something.
    mutating func reset() { failures = 0 }
}
