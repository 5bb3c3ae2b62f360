import Shared

/// The instances of one service on one loop, and the choice between them.
final class ServicePool {
    let rule: ServiceRule
    let instances: [InstancePool]
    let figures: ServiceFigures
    let shield: ServiceShield
    private var random = SpreadRandom()
    private var round: RoundRobin

    init(
        _ rule: ServiceRule, _ instances: [InstancePool], _ figures: ServiceFigures = ServiceFigures(),
        shield: ServiceShield = ServiceShield()
    ) {
        self.shield = shield
        self.rule = rule
        self.instances = instances
        self.figures = figures
        round = RoundRobin(count: instances.count, &random)
    }

    /// The instance that the next request goes to: the only place where one is chosen.
    ///
    /// One that is down or draining is never chosen. One that failed of late or is ejected, and `choice.except`, are
    /// passed over where another can be had: what may answer is better than what cannot. Nil where there is none.
    func choose(_ choice: InstanceChoice = InstanceChoice()) -> InstancePool? {
        if instances.count == 1 { return instances[0].state.isOpen ? instances[0] : nil }
        guard let first = instances.first else { return nil }
        var candidates = PoolCandidates(
            instances: instances, weights: rule.weights, slowStart: rule.slowStart, now: first.loop.now,
            except: choice.except)
        if let place = place(candidates, choice) { return instances[place] }
        candidates.takesFailed = true
        if let place = place(candidates, choice) { return instances[place] }
        guard let last = choice.except, last.state.isOpen else { return nil }
        return last
    }

    @inline(__always) private func place(_ candidates: PoolCandidates, _ choice: InstanceChoice) -> Int? {
        switch rule.balance {
        case .leastRequests: LeastRequests.choose(candidates, &random)
        case .roundRobin: round.choose(candidates)
        case .ewma: PeakEWMA.choose(candidates, &random)
        case .hash: rule.ring?.choose(candidates, rule.weights, key: choice.key)
        }
    }

    /// The first byte of an instance's answer came. Only where `rule.watchesLatency`.
    func didAnswer(_ instance: InstancePool, status: Int, latency: UInt64) {
        if rule.balance == .ewma, !InstanceOutcome.answered(status: status).isFault { instance.observe(latency) }
        rule.ejector?.note(latency, of: instance.state)
    }

    /// What became of an exchange with one of the instances: the one place where it is told. See `InstancePool.record`.
    /// Returns whether the instance was ejected for it.
    @discardableResult
    func record(_ outcome: InstanceOutcome, of instance: InstancePool, latency: UInt64) -> Bool {
        figures.record(outcome, latency: latency, now: instance.loop.now)
        instance.record(outcome, latency: latency)
        if rule.balance == .ewma, outcome.isFault { instance.observe(max(latency, PeakEWMA.failure)) }
        guard let ejector = rule.ejector, instances.count > 1 else { return false }
        return ejector.judge(outcome, of: instance, among: instances, now: instance.loop.now)
    }

    /// All instances in the order in which they are tried for one connection: `first`, or one of IPv6 that is no busier,
    /// then the families in turn; those that have just failed come last.
    func order(from first: InstancePool) -> ArraySlice<InstancePool> {
        var first = first
        let open = instances.filter(\.state.isOpen)
        if !first.isIPv6,
            let other = open.first(where: { $0.isIPv6 && !$0.isFailed && $0.inFlight <= first.inFlight })
        {
            first = other
        }
        let rest = open.filter { $0 !== first }
        let usable = rest.filter { !$0.isFailed }
        var (same, different) = (
            usable.filter { $0.isIPv6 == first.isIPv6 }, usable.filter { $0.isIPv6 != first.isIPv6 }
        )
        var order = [first]
        while !same.isEmpty || !different.isEmpty {
            if !different.isEmpty { order.append(different.removeFirst()) }
            if !same.isEmpty { order.append(same.removeFirst()) }
        }
        return (order + rest.filter(\.isFailed))[...]
    }
}
