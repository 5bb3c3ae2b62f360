/// `eject` in a service's file: when an instance is passed over for a while for what it does to requests.
struct EjectionRule: Sendable, Equatable {
    /// Faults one after the other; 0 for never.
    var errors = 5
    /// So many times the median of the instances' mean times to the first byte; 0 for never.
    var latency = 0
    /// Nanoseconds for the first time. Each further one is twice as long as the last, up to `longest`.
    var time: UInt64 = 10_000_000_000
    /// Percent of the instances that are kept, whatever they do.
    var keep = 50

    static let longest: UInt64 = 300_000_000_000
    /// Nanoseconds over which times are looked at, exchanges that an instance must have had in them, and how much slower
    /// it must be than the median: differences of a moment say nothing.
    static let interval: UInt64 = 10_000_000_000
    static let samples: UInt64 = 10
    static let margin: UInt64 = 10_000_000

    /// Of so many instances so many may be out.
    func allowed(of count: Int) -> Int { count * (100 - keep) / 100 }

    /// The next ejection of an instance: its step, and nanoseconds.
    /// - Parameters:
    ///   - step: ejections in a row up to now.
    ///   - end: when the last one ended. Each time of that one's length that has passed since takes a step back.
    func next(after step: Int, endedAt end: UInt64, now: UInt64) -> (step: Int, time: UInt64) {
        var step = step
        if step > 0, now > end {
            let quiet = (now - end) / length(step)
            step -= min(step, Int(clamping: quiet))
        }
        return (step + 1, length(step + 1))
    }

    /// Nanoseconds of the ejection number `step`, from 1.
    private func length(_ step: Int) -> UInt64 {
        let bound = max(Self.longest, time)
        return step > 16 ? bound : min(time << UInt64(step - 1), bound)
    }
}
