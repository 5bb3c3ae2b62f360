import Shared

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
