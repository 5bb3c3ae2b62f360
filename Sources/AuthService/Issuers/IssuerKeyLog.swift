/// Thins out what is logged of fetches that fail: the first of a row, then one a minute.
struct IssuerKeyLog {
    private static let pause = 60 * IssuerKeyStateMachine.second

    private var last: UInt64?
    private var unlogged = 0

    /// - Returns: how many before it were not logged; nil where this one is not to be.
    mutating func failed(now: UInt64) -> Int? {
        if let last, now &- last < Self.pause {
            unlogged += 1
            return nil
        }
        defer {
            last = now
            unlogged = 0
        }
        return unlogged
    }

    /// - Returns: whether it had failed before.
    mutating func succeeded() -> Bool {
        defer {
            last = nil
            unlogged = 0
        }
        return last != nil
    }
}
