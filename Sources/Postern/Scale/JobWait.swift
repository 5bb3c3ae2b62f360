import CLinux

/// Waits for jobs of the service manager.
struct JobWait {
    /// What became of one: its result, or that it did not end in time.
    struct End: Equatable {
        let unit: String
        let result: String
        let after: Duration

        var isDone: Bool { result == "done" }
    }
    private let manager: ServiceManager
    private var units: [UInt32: String] = [:]
    private let startedAt = Self.now
    /// Is asked now and then, once a second at least, whether to go on waiting.
    private let goesOn: () -> Bool

    init(_ manager: ServiceManager, goesOn: @escaping () -> Bool = { true }) {
        self.manager = manager
        self.goesOn = goesOn
    }

    private static var now: Duration { .nanoseconds(Int64(clamping: postern_monotonic_ns())) }

    mutating func enqueue(_ change: ServiceManager.Change, _ unit: String) throws(ServiceManagerError) {
        units[try manager.enqueue(change, unit)] = unit
    }

    /// Returns when all have ended, or the time is over; `each` is told of one after the other.
    mutating func wait(atMost time: Duration, each: (End) -> Void = { _ in }) throws(ServiceManagerError) -> [End] {
        var ends: [End] = []
        func note(_ end: End) {
            ends.append(end)
            each(end)
        }
        let deadline = Self.now + time
        while !units.isEmpty {
            let left = deadline - Self.now
            guard left > .zero, goesOn() else { break }
            guard let (job, result) = try manager.nextEnd(within: min(left, .seconds(1))) else { continue }
            guard let unit = units.removeValue(forKey: job) else { continue }
            note(End(unit: unit, result: result, after: Self.now - startedAt))
        }
        for unit in units.values.sorted() { note(End(unit: unit, result: "not in time", after: time)) }
        units = [:]
        return ends
    }
}
