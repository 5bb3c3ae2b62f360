import Shared

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
