import Shared
import Synchronization

/// What the checks of instances have come to. Counted on one thread, read on others.
final class HealthCounters: Sendable {
    enum Event { case check, failure }
    private let checks = Atomic<UInt64>(0)
    private let failures = Atomic<UInt64>(0)

    func count(_ event: Event) {
        switch event {
        case .check: checks.wrappingAdd(1, ordering: .relaxed)
        case .failure: failures.wrappingAdd(1, ordering: .relaxed)
        }
    }

    func add(to tally: inout Tally) {
        tally.add("health.checks", checks.load(ordering: .relaxed))
        tally.add("health.failures", failures.load(ordering: .relaxed))
    }
}
