/// The instances of one service on one loop, and the choice between them.
final class ServicePool {
    let instances: [InstancePool]
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    init(_ instances: [InstancePool]) {
        self.instances = instances
    }

    /// The less busy of two at random: close to the least busy of all, at a cost that does not grow with their number.
    /// Failed ones, and `except`, are passed over where another can be had.
    func choose(except: InstancePool? = nil) -> InstancePool? {
        guard instances.count > 1 else { return instances.first }
        let one = draw()
        let other = draw()
        let oneBad = one.isFailed || one === except
        let otherBad = other.isFailed || other === except
        if oneBad != otherBad { return oneBad ? other : one }
        if !oneBad { return one.inFlight <= other.inFlight ? one : other }
        // Both drawn are out: look at all, from one of them on.
        let start = Int(next() % UInt64(instances.count))
        for offset in 0..<instances.count {
            let instance = instances[(start + offset) % instances.count]
            if !instance.isFailed && instance !== except { return instance }
        }
        return one
    }

    private func draw() -> InstancePool {
        instances[Int(next() >> 32) % instances.count]
    }

    /// xorshift64: for spreading load, nothing else.
    private func next() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
}
