import Shared

/// A snapshot on one loop, with the loop's own connections to its services.
final class RoutingTable {
    let snapshot: Snapshot
    let services: [ServicePool]
    let verify: InstancePool?
    /// All instances by address: one that several services name is one.
    let pools: [InstanceAddress: InstancePool]
    /// What shields the services, by their names.
    let shields: [String: ServiceShield]
    /// From the services' URLs to the public ones, on this loop.
    let publicURLs: PublicURLMap
    private let hostURLs: [PublicURLMap]
    /// To those of the egress socket.
    let egressURLs: PublicURLMap
    let headerMask: HeaderMask

    /// - Parameters:
    ///   - former: the loop's instances up to now; those that stay keep their connections.
    ///   - formerShields: the loop's shields up to now; services that stay keep theirs.
    ///   - figures: what was counted of services up to now, by their names.
    ///   - foreign: is told of sockets on which a foreign user listens.
    init(
        _ snapshot: Snapshot, former: [InstanceAddress: InstancePool], figures: [String: ServiceFigures] = [:],
        formerShields: [String: ServiceShield] = [:], foreign: ForeignSockets? = nil, loop: EventLoop
    ) {
        self.snapshot = snapshot
        publicURLs = PublicURLMap(snapshot.publicURLs)
        hostURLs = snapshot.hostURLs.map { PublicURLMap($0) }
        egressURLs = PublicURLMap(snapshot.egressURLs)
        headerMask = HeaderMask(snapshot, publicURLs)
        var pools: [InstanceAddress: InstancePool] = [:]
        func pool(_ address: InstanceAddress) -> InstancePool {
            if let pool = pools[address] { return pool }
            let state = snapshot.states[address]
            let pool: InstancePool
            // One that went and came back is another.
            if let old = former[address], state == nil || old.state === state {
                pool = old
            } else {
                pool = InstancePool(address, state: state ?? InstanceState(), loop: loop)
            }
            pool.peers = snapshot.peers[address]
            pool.foreign = foreign
            pools[address] = pool
            return pool
        }
        var shields: [String: ServiceShield] = [:]
        services = snapshot.services.map { rule in
            let shield = ServiceShield.keep(formerShields[rule.name], rule, snapshot.loads[rule.name])
            shields[rule.name] = shield
            return ServicePool(
                rule, rule.instances.map(pool), figures[rule.name] ?? ServiceFigures(loop), shield: shield)
        }
        self.shields = shields
        verify = snapshot.verify.map(pool)
        self.pools = pools
    }

    /// By the names of the services, for the table after this one.
    var figures: [String: ServiceFigures] {
        Dictionary(services.map { ($0.rule.name, $0.figures) }) { first, _ in first }
    }

    /// From the services' URLs to those of the host that was asked: its place in `Snapshot.hosts`, -1 for none of them.
    func publicURLs(of host: Int) -> PublicURLMap { host < 0 ? publicURLs : hostURLs[host] }
}
