import Shared
import Synchronization

/// Ejects instances of one service for what they do to requests. Shared by all loops, without a lock: what is counted
/// stands in the instances' states, and one loop at a time looks at the whole, which is seldom.
final class Ejector: Sendable {
    let rule: EjectionRule
    private let service: String
    private let isBusy = Atomic(false)
    /// When times are looked at next.
    private let nextLook = Atomic<UInt64>(0)

    init(_ rule: EjectionRule, service: String) {
        self.rule = rule
        self.service = service
    }

    /// The time to the first byte of an answer.
    func note(_ latency: UInt64, of state: InstanceState) {
        if rule.latency > 0 { state.note(latency: latency) }
    }

    /// What became of an exchange. Returns whether an instance was ejected.
    @inline(__always) func judge(
        _ outcome: InstanceOutcome, of instance: InstancePool, among instances: [InstancePool], now: UInt64
    ) -> Bool {
        var isEjected = false
        if outcome.isFault {
            if rule.errors > 0, instance.state.countFault() >= rule.errors {
                isEjected = alone { eject(instance, among: instances, now: now, .faults(rule.errors)) }
            }
        } else if outcome != .abandoned {
            instance.state.clearFaults()
        }
        if rule.latency > 0, now >= nextLook.load(ordering: .relaxed) {
            isEjected = alone { look(instances, now: now) } || isEjected
        }
        return isEjected
    }

    /// Nobody waits: who finds another loop at it has the next exchange to tell of.
    private func alone(_ body: () -> Bool) -> Bool {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return false }
        defer { isBusy.store(false, ordering: .releasing) }
        return body()
    }

    private func eject(
        _ instance: InstancePool, among instances: [InstancePool], now: UInt64, _ reason: EjectionLog.Reason
    ) -> Bool {
        let state = instance.state
        guard !state.isEjected(now) else { return false }
        // What is down counts too: it is what is left that must bear the load.
        let out = instances.count { $0.state.isEjected(now) || !$0.state.isOpen }
        guard out < rule.allowed(of: instances.count) else { return false }
        let (step, time) = rule.next(after: state.ejections, endedAt: state.ejectedUntil, now: now)
        state.eject(until: now + time, step: step)
        state.clearFaults()
        EjectionLog.ofProcess.add(
            .init(service: service, instance: instance.address, reason: reason, seconds: Int(time / 1_000_000_000)))
        return true
    }

    /// Compares the mean times of the interval that has passed, and begins another.
    private func look(_ instances: [InstancePool], now: UInt64) -> Bool {
        let due = nextLook.load(ordering: .relaxed)
        guard now >= due else { return false }
        nextLook.store(now + EjectionRule.interval, ordering: .relaxed)
        let means = instances.map { $0.state.takeMeanLatency(of: EjectionRule.samples) }
        // The first interval has no beginning.
        guard due > 0 else { return false }
        var isEjected = false
        for place in Self.outliers(means, rule.latency) {
            isEjected = eject(instances[place], among: instances, now: now, .latency) || isEjected
        }
        return isEjected
    }

    /// The places of means beyond `factor` times the median, the slowest first. An instance with too few exchanges has
    /// none. Of an even number the lower of the two in the middle is the median.
    static func outliers(_ means: [UInt64?], _ factor: Int) -> [Int] {
        let known = means.compactMap { $0 }.sorted()
        guard known.count > 1 else { return [] }
        let median = known[(known.count - 1) / 2]
        let bound = max(median * UInt64(factor), median + EjectionRule.margin)
        let slow = means.indices.filter { (means[$0] ?? 0) > bound }
        return slow.sorted { (means[$0] ?? 0) > (means[$1] ?? 0) }
    }
}
