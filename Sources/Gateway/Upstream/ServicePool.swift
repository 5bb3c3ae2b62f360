/// The instances of one service on one loop, and the choice between them.
final class ServicePool {
    let rule: ServiceRule
    let instances: [InstancePool]
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(_ rule: ServiceRule, _ instances: [InstancePool]) {
        self.rule = rule
        self.instances = instances
    }

    /// The less busy of two at random: close to the least busy of all, at a cost that does not grow with their number.
    /// Failed ones, and `choice.except`, are passed over where another can be had. Nil for a service without instances.
    func choose(_ choice: InstanceChoice = InstanceChoice()) -> InstancePool? {
        let failed = choice.except
        guard instances.count > 1 else { return instances.first }
        let first = draw(below: instances.count)
        var second = draw(below: instances.count - 1)
        if second >= first { second += 1 }
        let one = instances[first]
        let other = instances[second]
        let isOneOut = one.isFailed || one === failed
        let isOtherOut = other.isFailed || other === failed
        if isOneOut != isOtherOut { return isOneOut ? other : one }
        if !isOneOut { return one.inFlight <= other.inFlight ? one : other }
        return anyUsable(except: failed, from: second) ?? (one === failed ? other : one)
    }

    /// What became of an exchange with one of the instances: the one place where it is told. See `InstancePool.record`.
    func record(_ outcome: InstanceOutcome, of instance: InstancePool, latency: UInt64) {
        instance.record(outcome, latency: latency)
    }

    /// All instances in the order in which they are tried for one connection: `first`, or one of IPv6 that is no busier,
    /// then the families in turn; those that have just failed come last.
    func order(from first: InstancePool) -> ArraySlice<InstancePool> {
        var first = first
        if !first.isIPv6,
            let other = instances.first(where: { $0.isIPv6 && !$0.isFailed && $0.inFlight <= first.inFlight })
        {
            first = other
        }
        let rest = instances.filter { $0 !== first }
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

    /// The first in turn that is not out, from `start` on.
    private func anyUsable(except failed: InstancePool?, from start: Int) -> InstancePool? {
        for offset in 0..<instances.count {
            let instance = instances[(start + offset) % instances.count]
            if !instance.isFailed && instance !== failed { return instance }
        }
        return nil
    }

    private func draw(below count: Int) -> Int {
        Int(next() >> 32) % count
    }

    /// xorshift64: for spreading load, nothing else.
    private func next() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
}
