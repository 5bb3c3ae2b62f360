import Shared

/// One state of the configuration, whole. A reload makes a new one; an exchange keeps the one that it began with.
struct Snapshot: Sendable {
    let tree: RouteTree<RouteRule>
    /// Of hosts with a folder of their own; nil without any.
    let hosts: HostTrees?
    /// What local services reach on the egress socket.
    let egress: RouteTree<RouteRule>?
    /// Users whose processes may ask there; nil for whoever may open the socket.
    let egressUsers: Set<UInt32>?
    let services: [ServiceRule]
    /// Where verdicts on tokens are asked; nil where no route needs them.
    let verify: InstanceAddress?
    /// Nanoseconds for which a verdict is used while nothing is heard of revocations.
    let verdictGrace: UInt64
    /// The cookies that may hold a token; nil for none.
    let tokenCookies: TokenCookieNames?
    /// What is known of the instances, by all loops; an address that is not in it is known to nobody else.
    let states: [InstanceAddress: InstanceState]
    /// Who may listen on the sockets of instances; without an entry, whoever does.
    let peers: [InstanceAddress: PeerRule]
    /// The exchanges with each service, by its name, where they are limited.
    let loads: [String: ServiceLoad]
    /// From the services' URLs to the public ones.
    let publicURLs: PublicURLIndex
    /// The same for each of `hosts`.
    let hostURLs: [PublicURLIndex]
    /// The same for the egress socket.
    let egressURLs: PublicURLIndex
    /// What is searched for in the bodies of each service; nil for those that no route masks.
    let bodyPatterns: [BodyPatterns?]
    /// Marks the tags of bodies that are rewritten by this configuration; nil where none are.
    let bodyTag: BodyTag?
    /// What tells who the services are: their authorities, and all words for them.
    let origins: OriginTable
    let identity: IdentityMatcher

    init(
        tree: RouteTree<RouteRule>, hosts: HostTrees? = nil, egress: RouteTree<RouteRule>? = nil,
        egressUsers: Set<UInt32>? = nil, services: [ServiceRule], verify: InstanceAddress?,
        verdictGrace: UInt64 = 5_000_000_000, tokenCookies: TokenCookieNames? = nil,
        states: [InstanceAddress: InstanceState] = [:], peers: [InstanceAddress: PeerRule] = [:],
        loads: [String: ServiceLoad] = [:]
    ) {
        self.tree = tree
        self.hosts = hosts
        self.egress = egress
        self.egressUsers = egressUsers
        self.services = services
        self.verify = verify
        self.verdictGrace = verdictGrace
        self.tokenCookies = tokenCookies
        self.states = states
        self.peers = peers
        self.loads = loads
        let basePaths = services.map(\.origins.basePath)
        publicURLs = PublicURLIndex(tree: tree, basePaths: basePaths)
        hostURLs = hosts?.hosts.map { PublicURLIndex(tree: $0.tree, basePaths: basePaths) } ?? []
        egressURLs = egress.map { PublicURLIndex(tree: $0, basePaths: basePaths) } ?? publicURLs
        let rules = ([tree] + (hosts?.hosts.map(\.tree) ?? []) + (egress.map { [$0] } ?? []))
            .flatMap { $0.routes.map(\.value) }
        let masked = Set(rules.filter { $0.mask.body && $0.service >= 0 }.map(\.service))
        bodyPatterns = services.indices.map { index in
            masked.contains(index) ? BodyPatterns(services[index].origins, service: index) : nil
        }
        bodyTag = masked.isEmpty ? nil : BodyTag(rules, services)
        let origins = services.map(\.origins)
        self.origins = OriginTable(origins)
        identity = IdentityMatcher(origins)
        // Made here, where nobody waits for it.
        if rules.contains(where: { $0.mask.audit != .off }) { _ = LeakSignatures.automaton }
    }
}
