import Shared

/// How many instances one service is to have: figures and the time in, decisions out; no clock, no systemd.
///
/// It aims at `target` of what the instances can have in flight: their `capacity`, or what is learnt of it. More are
/// started when so many requests are under way for a moment, when requests queue, or when answers take longer than
/// `latency`; one is stopped when fewer would have done for the whole `cool_down`, by a margin: so what is started for a
/// load is not stopped under the same load.
struct AutoscalePolicy {
    struct Figures: Equatable {
        /// Instances whose process runs, or is about to.
        var running: Int
        /// Those, and the ones that systemd would start with the next request.
        var there: Int
        /// Requests under way, and those that wait for an instance.
        var inFlight = 0
        var pending = 0
        /// Since the gateway's start.
        var requests: UInt64 = 0
        /// Microseconds to the first byte of an answer, in the last seconds; nil without a request.
        var p50: UInt64?
        var p95: UInt64?
    }

    enum Reason: String {
        case bounds = "outside of min and max"
        case concurrency = "too many requests under way"
        case queueing = "requests wait"
        case latency = "answers take too long"
        case surplus = "fewer will do"
        case idle = "nobody asks"
    }

    enum Decision: Equatable {
        case stay
        case scale(to: Int, Reason)
        /// The last one is stopped, and systemd keeps its socket.
        case sleep
        /// None is there that a request could wake: have systemd hold one's socket.
        case listen
    }

    private let scale: ServiceReport.Scale
    /// Requests under way, smoothed.
    private var load = 0.0
    private var knee = CapacityEstimate()
    private var upSince: Duration?
    private var downSince: Duration?
    private var quietSince: Duration?
    private var lastRequests: UInt64?
    /// No further one is started before this time, and none stopped before that.
    private var upAfter: Duration
    private var downAfter: Duration

    /// How long there must be a reason before one is started, and how long its effect is waited for.
    static let reaction = Duration.seconds(2)
    static let settling = Duration.seconds(6)
    /// After a start that failed.
    static let pause = Duration.seconds(30)
    /// The share of the target below which the load must stay with fewer instances.
    static let margin = 0.8
    private static let smoothing = 0.4

    init(_ scale: ServiceReport.Scale, now: Duration) {
        self.scale = scale
        upAfter = now
        downAfter = now + .seconds(scale.coolDown)
    }

    /// Requests that one instance can have in flight, as far as it is known.
    var capacity: Double? { scale.capacity.map(Double.init) ?? knee.capacity }

    /// What is to be done now; to be asked about once a second.
    mutating func decide(_ figures: Figures, now: Duration) -> Decision {
        observe(figures, now)
        guard figures.running > 0 else {
            load = 0
            (upSince, downSince) = (nil, nil)
            if scale.minimum > 0 { return change(to: scale.minimum, from: 0, .bounds, now) }
            return figures.there == 0 ? .listen : .stay
        }
        if figures.running < scale.minimum { return change(to: scale.minimum, from: figures.running, .bounds, now) }
        if figures.running > scale.maximum { return change(to: scale.maximum, from: figures.running, .bounds, now) }
        if let decision = rest(figures, now) { return decision }
        if let decision = more(figures, now) { return decision }
        return fewer(figures, now) ?? .stay
    }

    /// What was decided could not be done.
    mutating func failed(now: Duration) {
        upAfter = now + Self.pause
        upSince = nil
        downSince = nil
    }

    /// For some time there were no figures: what was seen before counts no more.
    mutating func lost() { (upSince, downSince, quietSince, lastRequests) = (nil, nil, nil, nil) }

    private mutating func observe(_ figures: Figures, _ now: Duration) {
        load += Self.smoothing * (Double(figures.inFlight + figures.pending) - load)
        if let p50 = figures.p50, figures.running > 0 {
            knee.observe(concurrency: load / Double(figures.running), latency: Double(max(1, p50)))
        }
        if figures.inFlight > 0 || figures.pending > 0 || figures.requests != lastRequests { quietSince = now }
        lastRequests = figures.requests
    }

    /// With `min: 0`, when nobody has asked for long enough.
    private func rest(_ figures: Figures, _ now: Duration) -> Decision? {
        guard scale.minimum == 0, let quietSince, now - quietSince >= .seconds(scale.idle) else { return nil }
        return figures.running > 1 ? .scale(to: 1, .idle) : .sleep
    }

    private mutating func more(_ figures: Figures, _ now: Duration) -> Decision? {
        guard let (wanted, reason) = need(figures) else {
            upSince = nil
            return nil
        }
        downSince = nil
        let since = upSince ?? now
        upSince = since
        guard now - since >= Self.reaction, now >= upAfter, figures.running < scale.maximum else { return .stay }
        // As many again at the most: what they bring is to be seen first.
        return change(to: min(wanted, figures.running * 2, scale.maximum), from: figures.running, reason, now)
    }

    /// How many are needed more than there are, and why.
    private func need(_ figures: Figures) -> (Int, Reason)? {
        let share = Double(scale.target) / 100
        if let capacity, load > Double(figures.running) * capacity * share {
            return (max(figures.running + 1, Int((load / (capacity * share)).rounded(.up))), .concurrency)
        }
        if figures.pending > 0 { return (figures.running + 1, .queueing) }
        if let limit = scale.latency, let p95 = figures.p95, p95 > UInt64(limit) * 1000 {
            return (figures.running + 1, .latency)
        }
        return nil
    }

    private mutating func fewer(_ figures: Figures, _ now: Duration) -> Decision? {
        let least = max(1, scale.minimum)
        let wanted = max(least, enough(figures))
        guard wanted < figures.running else {
            downSince = nil
            return nil
        }
        let since = downSince ?? now
        downSince = since
        guard now - since >= .seconds(scale.coolDown), now >= downAfter else { return nil }
        // Half of them at the most, for a load may come back.
        let next = max(wanted, figures.running - max(1, figures.running / 2))
        return change(to: next, from: figures.running, .surplus, now)
    }

    /// With how many the load would stay well below the target.
    private func enough(_ figures: Figures) -> Int {
        if let limit = scale.latency, let p95 = figures.p95, Double(p95) > Double(limit) * 1000 * Self.margin {
            return figures.running
        }
        // Without any knowledge one less is tried at a time; what comes of it is learnt from.
        guard let capacity else { return load < Self.margin ? 1 : figures.running - 1 }
        return Int((load / (capacity * Double(scale.target) / 100 * Self.margin)).rounded(.up))
    }

    private mutating func change(to count: Int, from running: Int, _ reason: Reason, _ now: Duration) -> Decision {
        guard count != running else { return .stay }
        if count > running {
            guard now >= upAfter else { return .stay }
            upAfter = now + Self.settling
        }
        downAfter = now + .seconds(scale.coolDown)
        (upSince, downSince) = (nil, nil)
        return .scale(to: count, reason)
    }
}
