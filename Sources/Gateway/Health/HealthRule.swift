/// How the instances of a service are checked; see `HealthConfiguration.swift` for its keys. Times in nanoseconds.
struct HealthRule: Sendable, Hashable {
    /// What is asked for; empty for a check that only connects.
    var path: [UInt8] = []
    var interval: UInt64 = 5_000_000_000
    var timeout: UInt64 = 1_000_000_000
    var up = 2
    var down = 3
    /// What a good answer says; 200 to 299 where it is empty.
    var statuses: [Int] = []

    func isGood(_ status: Int) -> Bool {
        statuses.isEmpty ? (200...299).contains(status) : statuses.contains(status)
    }

    /// Until the next check: a tenth more or less than said, so that many gateways do not ask at the same moment.
    /// - Parameter chance: from 0 to 1.
    func pause(_ chance: Double) -> UInt64 {
        UInt64(Double(interval) * (0.9 + 0.2 * min(1, max(0, chance))))
    }
}
