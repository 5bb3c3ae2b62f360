import Shared

/// The instances of a service as the ways of balancing see them, at one moment on one loop.
struct PoolCandidates: Candidates {
    let instances: [InstancePool]
    let weights: Weights
    /// Nanoseconds; 0 without.
    let slowStart: UInt64
    let now: UInt64
    let except: InstancePool?
    /// Those that failed of late, or are ejected, are taken too.
    var takesFailed = false

    var count: Int { instances.count }
    var isEven: Bool { slowStart == 0 && weights.areEven }

    @inline(__always) func weight(_ place: Int) -> Int {
        guard slowStart > 0 else { return weights[place] }
        return SlowStart.weight(weights[place], start: instances[place].state.start, time: slowStart, now: now)
    }

    @inline(__always) func canUse(_ place: Int) -> Bool {
        let instance = instances[place]
        guard instance.state.isOpen, instance !== except else { return false }
        return takesFailed || !instance.isFailed
    }

    @inline(__always) func load(_ place: Int) -> Int { instances[place].inFlight }
    @inline(__always) func wholeLoad(_ place: Int) -> Int { instances[place].state.inFlight }
    @inline(__always) func cost(_ place: Int) -> Double {
        let instance = instances[place]
        return instance.times.cost(load: instance.inFlight, now: now)
    }
}
