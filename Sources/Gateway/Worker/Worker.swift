import Shared

/// The gateway on one loop: the configuration in force, its connections, its verdicts, its counters.
final class Worker: SecuringApplication {
    let loop: EventLoop
    private(set) var table: RoutingTable
    let authenticator: Authenticator
    var counters = Counters()
    let tokenStreams = TokenStreams()
    /// Shared with all other loops.
    let rates: RateLimiter
    /// What was counted for all loops together; told of by the first of them.
    var outside: OutsideCounters?
    var health: HealthCounters?
    /// Told, by way of the control side, that a service did not take its token.
    var tokenRejected: (@Sendable (OAuthConfiguration) -> Void)?
    private var lastRejection: UInt64 = 0
    /// Hears of revocations; nil where no auth service is asked, and before `listen`.
    private var listener: RevocationListener?
    private var isToListen = false
    private var revocationLog: RevocationLog?
    /// The listeners that speak TLS; nil where none does.
    var secured: TLSListeners?
    let handshakes = TLSCounters()
    /// Room for a path that is put together.
    var scratch: [UInt8] = []
    /// Room for the name of a query's parameter.
    var nameScratch: [UInt8] = []
    /// Room for what comes of a body that is rewritten, and for what comes of one that was compressed.
    var bodyOutput: [UInt8] = []
    var bodyRoom: [UInt8] = []
    private var restingMasks: [BodyMask] = []
    private static let restingMaskLimit = 64
    /// Room for the fields of a response that is looked at as a whole.
    var fields: [UInt8] = []
    let leakLog: LeakLog?
    /// Told of sockets on which a foreign user listens; shared with all other loops.
    private let foreign: ForeignSockets?
    private var resting: [Exchange] = []
    private static let restingLimit = 256
    private var nextNumber: UInt64 = 0
    let requestPrefix: UInt64
    /// `X-Request-Id: …-`, to which each request adds its number. What stands in it tells this loop's requests from all
    /// others': `requestPrefix`, from the kernel's random numbers.
    let requestField: [UInt8]

    init(
        loop: EventLoop, snapshot: Snapshot, requestPrefix: UInt64, rates: RateLimiter = RateLimiter(),
        leakLog: LeakLog? = nil, foreign: ForeignSockets? = nil
    ) {
        self.loop = loop
        self.rates = rates
        self.leakLog = leakLog
        self.foreign = foreign
        self.requestPrefix = requestPrefix
        requestField = Array("X-Request-Id: ".utf8) + Hexadecimal.digits(of: requestPrefix) + Array("-".utf8)
        table = RoutingTable(snapshot, former: [:], foreign: foreign, loop: loop)
        authenticator = Authenticator(loop: loop)
        authenticator.grace = snapshot.verdictGrace
    }

    deinit {
        listener?.stop()
        // Their timers leave the loop, which is let go of after this.
        resting.removeAll()
    }

    /// Puts another configuration in force for the requests that begin from now on.
    func install(_ snapshot: Snapshot) {
        let former = table
        table = RoutingTable(
            snapshot, former: former.pools, figures: former.figures, formerShields: former.shields, foreign: foreign,
            loop: loop)
        if snapshot.verify != former.snapshot.verify { authenticator.clear() }
        authenticator.grace = snapshot.verdictGrace
        hearRevocations()
        // They hold on to the former table, and its connections.
        resting.removeAll()
    }

    // MARK: Revocations

    /// Begins to hear what the auth service revokes, of this configuration and of those to come.
    func listen(_ log: RevocationLog?) {
        isToListen = true
        revocationLog = log
        hearRevocations()
    }

    /// One stream from the auth service that is asked for verdicts; the same one as long as that stays the same.
    private func hearRevocations() {
        guard isToListen else { return }
        let address = table.snapshot.verify
        if listener?.address != address {
            listener?.stop()
            listener = address.map { RevocationListener(self, $0, log: revocationLog) }
            listener?.trust(address.flatMap { table.snapshot.peers[$0] }, foreign)
            listener?.start()
        } else if let address {
            listener?.trust(table.snapshot.peers[address], foreign)
        }
    }

    /// Called by the listener, in the turn in which it was heard.
    func revocationDidCome(_ event: RevocationEvent) {
        switch event {
        case .unknown: return
        case .begin: authenticator.forgetAll()
        case .revoked(let user):
            counters.revocations &+= 1
            if let user { authenticator.forget(user) } else { authenticator.forgetAll() }
        }
        tokenStreams.revocationDidCome(authenticator.epochs)
    }

    // MARK: ServerApplication

    func serverDidReceive(_ connection: ServerConnection) { begin(connection, isEgress: false) }

    /// Begins an exchange.
    /// - Parameter isEgress: a local service asks for what is outside, and not a client for what is here.
    func begin(_ connection: ServerConnection, isEgress: Bool) {
        counters.requests &+= 1
        let exchange = resting.popLast() ?? Exchange(self)
        nextNumber &+= 1
        connection.exchange = exchange
        exchange.receive(connection, number: nextNumber, isEgress: isEgress)
    }

    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) {
        counters.refused &+= 1
    }

    func serverDidClose(_ connection: ServerConnection) {}

    func count(in tally: inout Tally) {
        counters.add(to: &tally)
        if let outside {
            // What was counted for all loops together.
            outside.add(to: &tally)
            foreign?.add(to: &tally)
        }
        if let health {
            health.add(to: &tally)
            countInstances(in: &tally)
        }
        tally.add("verdicts.hits", authenticator.hits)
        tally.add("verdicts.misses", authenticator.misses)
        tally.add("verdicts.forgotten", authenticator.forgotten)
        tally.add("verdicts.unheard", authenticator.unheard)
        tally.add("revocations.deaf", listener?.isListening == false ? 1 : 0)
        if secured != nil { handshakes.add(to: &tally) }
    }

    /// Instances that are out, of all loops; told of by the first of them.
    private func countInstances(in tally: inout Tally) {
        let states = table.snapshot.states.values
        tally.add("instances.down", UInt64(states.count { !$0.isUp }))
        tally.add("instances.ejected", UInt64(states.count { $0.isEjected(loop.now) }))
    }

    /// Once a second at most: the control side has its own bound, and need not hear of each.
    func tokenWasRejected(_ oauth: OAuthConfiguration) {
        guard loop.now >= lastRejection + 1_000_000_000 else { return }
        lastRejection = loop.now
        tokenRejected?(oauth)
    }

    /// Lends what rewrites a body.
    func takeBodyMask() -> BodyMask { restingMasks.popLast() ?? BodyMask() }

    /// Takes it back.
    func giveBodyMask(_ mask: BodyMask) {
        mask.end()
        if restingMasks.count < Self.restingMaskLimit { restingMasks.append(mask) }
    }

    /// Takes an exchange back that has ended.
    func rest(_ exchange: Exchange) {
        if resting.count < Self.restingLimit { resting.append(exchange) }
    }
}
