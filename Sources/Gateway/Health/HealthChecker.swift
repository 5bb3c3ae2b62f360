import Logging
import Shared

/// Checks the instances of services that ask for it, on one loop of the control side, and says of each what has changed.
/// Loops that serve read the states, and wait for nothing.
final class HealthChecker {
    let loop: EventLoop
    let counters: HealthCounters
    private let logger: Logger
    /// From 0 to 1: for the times between checks.
    let chance: () -> Double
    private var checks: [InstanceAddress: HealthCheck] = [:]

    init(
        loop: EventLoop, counters: HealthCounters, logger: Logger,
        chance: @escaping () -> Double = { Double.random(in: 0...1) }
    ) {
        self.loop = loop
        self.counters = counters
        self.logger = logger
        self.chance = chance
    }

    deinit { stop() }

    /// Checks these, and no others. New ones are checked at once.
    func keep(_ targets: [HealthTarget]) {
        var kept: [InstanceAddress: HealthCheck] = [:]
        for target in targets {
            if let check = checks[target.address], check.target.state === target.state {
                check.use(target)
                kept[target.address] = check
            } else {
                kept[target.address] = HealthCheck(target, self)
            }
        }
        for (address, check) in checks where kept[address] !== check {
            check.stop()
            // Who is not checked any more counts as up.
            check.target.state.isUp = true
        }
        checks = kept
    }

    func stop() {
        for check in checks.values { check.stop() }
        checks = [:]
    }

    func tell(_ change: HealthRecord.Change, _ target: HealthTarget, _ reason: String) {
        var metadata: Logger.Metadata = ["service": "\(target.service)", "instance": "\(target.address)"]
        switch change {
        case .joined: logger.info("instance has joined", metadata: metadata)
        case .up: logger.info("instance is up again", metadata: metadata)
        case .down:
            metadata["reason"] = "\(reason)"
            logger.warning("instance is down", metadata: metadata)
        }
    }
}
