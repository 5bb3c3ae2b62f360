import Shared

/// What one service file says. Immutable; shared by all loops.
struct ServiceRule: Sendable {
    let name: String
    let file: String
    let instances: [InstanceAddress]
    /// What must not be seen of it.
    let origins: UpstreamOrigins

    /// - Parameter origins: what is known beside the instances' addresses.
    init(name: String, file: String, instances: [InstanceAddress], origins: UpstreamOrigins = UpstreamOrigins()) {
        self.name = name
        self.file = file
        self.instances = instances
        var all = origins
        for instance in instances { all.add(instance) }
        self.origins = all
    }
}

/// One state of the configuration, whole. A reload makes a new one; an exchange keeps the one that it began with.
struct Snapshot: Sendable {
    let tree: RouteTree<RouteRule>
    let services: [ServiceRule]
    /// Where verdicts on tokens are asked; nil where no route needs them.
    let verify: InstanceAddress?
    /// From the services' URLs to the public ones.
    let publicURLs: PublicURLIndex

    init(tree: RouteTree<RouteRule>, services: [ServiceRule], verify: InstanceAddress?) {
        self.tree = tree
        self.services = services
        self.verify = verify
        publicURLs = PublicURLIndex(tree: tree, basePaths: services.map(\.origins.basePath))
    }
}
