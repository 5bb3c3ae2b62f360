import Shared

/// Where an instance of a service listens.
enum InstanceAddress: Sendable, Hashable {
    case unix(path: String)
    /// A numeric address and a port.
    case tcp(address: String, port: UInt16)
}

/// What one service file says. Immutable; shared by all loops.
struct ServiceRule: Sendable {
    let name: String
    let file: String
    let instances: [InstanceAddress]
}

/// One state of the configuration, whole. A reload makes a new one; an exchange keeps the one that it began with.
struct Snapshot: Sendable {
    let tree: RouteTree<RouteRule>
    let services: [ServiceRule]
    /// Where verdicts on tokens are asked; nil where no route needs them.
    let verify: InstanceAddress?
}

/// A snapshot on one loop, with the loop's own connections to its services.
final class RoutingTable {
    let snapshot: Snapshot
    let services: [ServicePool]
    let verify: InstancePool?

    /// - Parameter pools: the loop's instances by address; those that stay keep their connections.
    init(_ snapshot: Snapshot, pools: [InstanceAddress: InstancePool], loop: EventLoop) {
        self.snapshot = snapshot
        services = snapshot.services.map { service in
            ServicePool(service.instances.map { pools[$0] ?? InstancePool($0, loop: loop) })
        }
        verify = snapshot.verify.map { pools[$0] ?? InstancePool($0, loop: loop) }
    }

    /// All instances by address.
    var pools: [InstanceAddress: InstancePool] {
        var all: [InstanceAddress: InstancePool] = [:]
        for service in services { for instance in service.instances { all[instance.address] = instance } }
        if let verify { all[verify.address] = verify }
        return all
    }
}
