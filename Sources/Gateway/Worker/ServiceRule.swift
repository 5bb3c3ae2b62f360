import Shared

/// What one service file says, ready for the byte path. Immutable; shared by all loops.
final class ServiceRule: Sendable {
    /// Which fields tell a service of the client and of the way that it came by.
    enum Forwarding: String, Sendable, CaseIterable {
        /// `X-Forwarded-For`, `-Proto`, `-Host`.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
        /// None, and no number of the request either.
        case none
    }

    let name: String
    let file: String
    let instances: [InstanceAddress]
    /// What is said to the service of itself: `Host: …` with its CRLF. Empty where it gets the client's `Host`.
    let hostField: [UInt8]
    /// Stands before the path of each request; empty for none.
    let basePath: [UInt8]
    let forwarding: Forwarding
    /// Whether it learns who asks (`Postern-User`, `Postern-Claims`).
    let tellsIdentity: Bool
    let timeouts: TimeoutsConfiguration
    let retries: RetriesConfiguration
    let limits: ServiceLimitsConfiguration
    /// `limits.isOn`, ready to be asked for each request.
    let isLimited: Bool
    /// Nanoseconds until a second instance is asked; 0 for never.
    let hedge: UInt64
    /// Whether it is told how long its answer is waited for (`Postern-Deadline`).
    let tellsDeadline: Bool
    /// Its instances are addresses of names: connections to several are tried at once.
    let races: Bool
    /// Whose token it is shown, and what is to be sent of it; empty while there is none.
    let oauth: OAuthConfiguration?
    let token: [UInt8]
    /// Without a token it is not asked.
    let needsToken: Bool
    let balance: BalanceRule
    /// By the places of `instances`.
    let weights: Weights
    /// Nanoseconds; 0 without.
    let slowStart: UInt64
    /// For `balance: {hash: …}`.
    let ring: ConsistentHash?
    /// Nil where nobody is ejected.
    let ejector: Ejector?
    /// Whether somebody wants to know how soon answers begin.
    let watchesLatency: Bool
    /// How its instances are checked; nil where they are not.
    let health: HealthRule?
    let isCheckedWhenIdle: Bool
    /// What must not be seen of it.
    let origins: UpstreamOrigins

    /// A service of somebody else: to it the gateway is the client, and what a browser says of its page is not passed on.
    var isForeign: Bool { !hostField.isEmpty }

    /// - Parameter origins: what is known beside the URL and the instances' addresses.
    init(
        name: String, file: String, instances: [InstanceAddress], url: ServiceURL? = nil,
        forwarding: Forwarding? = nil, tellsIdentity: Bool? = nil,
        timeouts: TimeoutsConfiguration = TimeoutsConfiguration(),
        retries: RetriesConfiguration = RetriesConfiguration(),
        limits: ServiceLimitsConfiguration = ServiceLimitsConfiguration(), hedge: UInt64 = 0,
        tellsDeadline: Bool? = nil, isNamed: Bool = false,
        oauth: OAuthConfiguration? = nil, token: [UInt8]? = nil, needsToken: Bool = false,
        origins: UpstreamOrigins = UpstreamOrigins(), balance: BalanceConfiguration = BalanceConfiguration(),
        weights: [Int] = [], health: HealthRule? = nil, isCheckedWhenIdle: Bool = true
    ) {
        self.name = name
        self.file = file
        self.instances = instances
        hostField = url.map { Array("Host: \($0.authority)\r\n".utf8) } ?? []
        basePath = Array((url?.basePath ?? "").utf8)
        self.forwarding = forwarding ?? (url == nil ? .xForwarded : .none)
        self.tellsIdentity = tellsIdentity ?? (url == nil)
        self.timeouts = timeouts
        self.retries = retries
        self.limits = limits
        isLimited = limits.isOn
        self.hedge = hedge
        self.tellsDeadline = tellsDeadline ?? (url == nil)
        self.oauth = oauth
        self.token = token ?? []
        self.needsToken = needsToken
        self.balance = balance.rule
        self.weights = Weights(weights)
        slowStart = balance.slowStart
        if case .hash = balance.rule {
            ring = ConsistentHash(instances.map(\.description), self.weights)
        } else {
            ring = nil
        }
        ejector = balance.ejection.map { Ejector($0, service: name) }
        watchesLatency = balance.rule == .ewma || (balance.ejection?.latency ?? 0) > 0
        self.health = health
        self.isCheckedWhenIdle = isCheckedWhenIdle
        races = isNamed && instances.count > 1
        var all = origins
        if let url { all.add(url) }
        for instance in instances { all.add(instance) }
        self.origins = all
    }
}
