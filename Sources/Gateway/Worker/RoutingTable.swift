import Shared

/// A snapshot on one loop, with the loop's own connections to its services.
final class RoutingTable {
    let snapshot: Snapshot
    let services: [ServicePool]
    let verify: InstancePool?
    /// All instances by address: one that several services name is one.
    let pools: [InstanceAddress: InstancePool]
    /// From the services' URLs to the public ones, on this loop.
    let publicURLs: PublicURLMap
    private let hostURLs: [PublicURLMap]
    /// To those of the egress socket.
    let egressURLs: PublicURLMap
    let headerMask: HeaderMask

    /// - Parameters:
    ///   - former: the loop's instances up to now; those that stay keep their connections.
    ///   - figures: what was counted of services up to now, by their names.
    ///   - foreign: is told of sockets on which a foreign user listens.
    init(
        _ snapshot: Snapshot, former: [InstanceAddress: InstancePool], figures: [String: ServiceFigures] = [:],
        foreign: ForeignSockets? = nil, loop: EventLoop
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
        services = snapshot.services.map {
            ServicePool($0, $0.instances.map(pool), figures[$0.name] ?? ServiceFigures(loop))
        }
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
