/// When the keys of an issuer are fetched, how long they are good, and what is said meanwhile of a token whose key is not
/// among them. Time and chance are handed in: nanoseconds of a clock that only goes forward, seconds since 1970 where a
/// token's own time is compared.
struct IssuerKeyStateMachine: Sendable {
    struct Bounds: Sendable, Equatable {
        /// Nanoseconds for which keys are good after the issuer has confirmed them.
        var stale: UInt64
        /// Nanoseconds between the beginnings of two fetches that tokens of unknown keys ask for.
        var coolDown: UInt64
        /// Seconds by which the issuer's clock may differ.
        var clockSkew: Int64
    }

    /// What is known of a token's key.
    enum Lookup: Sendable {
        /// It may be one of these, which are good for so many nanoseconds.
        case keys([TokenKey], left: UInt64)
        /// The issuer has no such key: it was asked after the token was made.
        case absent
        /// Nobody can say. `isSoon` where it is worth waiting for: a fetch is under way or about to begin.
        case unknown(retryAfter: UInt64, isSoon: Bool)
    }

    enum Failure: Sendable, Equatable {
        /// The gateway was not reached: asked again soon, for it costs nobody anything.
        case gateway
        case issuer
    }

    static let second: UInt64 = 1_000_000_000
    /// Between two fetches by themselves: what the answer says, within these.
    static let refresh = 60 * second...3600 * second
    static let usualRefresh = 600 * second
    /// Who waits for a fetch that begins within this time waits for it.
    static let soon = second
    private static let firstPause = second
    private static let gatewayPause = second / 2
    /// The longest pause after failures, with keys and without.
    private static let longestPause = (with: 300 * second, without: 30 * second)

    private let bounds: Bounds
    private(set) var set: IssuerKeySet?
    /// What the issuer calls this state of the set (RFC 9110 section 8.8.3).
    private(set) var tag: String?
    /// When the fetch began by which the set was confirmed, by both clocks.
    private var confirmedAt: UInt64 = 0
    private var confirmedTime: Int64 = 0
    private var began: (at: UInt64, time: Int64)?
    private(set) var isFetching = false
    private var failures = 0
    /// When the next fetch begins by itself.
    private(set) var next: UInt64 = 0
    private var isAskedAgain = false
    /// From when on a question may have a fetch begin.
    private var demands: UInt64 = 0

    init(_ bounds: Bounds) { self.bounds = bounds }

    /// Whether there are keys that may be judged by.
    func isUsable(at now: UInt64) -> Bool { set != nil && now < confirmedAt &+ bounds.stale }

    /// Nanoseconds since the issuer has confirmed the keys; nil without any.
    func age(at now: UInt64) -> UInt64? { set == nil ? nil : now &- confirmedAt }

    // MARK: Questions

    /// - Parameter issuedAt: the token's `iat`.
    mutating func look(
        for kid: String?, _ algorithm: SignatureAlgorithm, issuedAt: Double?, now: UInt64
    ) -> Lookup {
        guard let set, isUsable(at: now) else { return wait(until: next, now: now) }
        let candidates = set.candidates(kid: kid, algorithm: algorithm)
        if !candidates.isEmpty { return .keys(candidates, left: confirmedAt &+ bounds.stale &- now) }
        return missing(issuedAt: issuedAt, now: now)
    }

    /// No key is the token's: the issuer may have a new one.
    mutating func missing(issuedAt: Double?, now: UInt64) -> Lookup {
        guard !isFetching, !demand(now: now) else { return wait(until: now, now: now) }
        // A key is published before it signs, so that a set of later than the token has its key or the issuer none. What
        // was made about when the set was fetched, or since, may be of a key that came after.
        let leeway = Double(max(bounds.clockSkew, 1))
        if failures == 0, let issuedAt, issuedAt + leeway < Double(confirmedTime) { return .absent }
        return .unknown(retryAfter: demands &- now, isSoon: false)
    }

    /// Has a fetch begin at once, where none did so for a question since the cool-down began. Whoever runs the fetches sees
    /// it by `isDue`.
    private mutating func demand(now: UInt64) -> Bool {
        guard !isFetching, now >= demands else { return false }
        demands = now &+ bounds.coolDown
        next = min(next, now)
        return true
    }

    private func wait(until time: UInt64, now: UInt64) -> Lookup {
        if isFetching { return .unknown(retryAfter: Self.second, isSoon: true) }
        let left = time > now ? time - now : 0
        return .unknown(retryAfter: max(left, Self.second), isSoon: left <= Self.soon)
    }

    // MARK: Fetches

    /// Whether one is to begin now.
    func isDue(at now: UInt64) -> Bool { !isFetching && now >= next }

    mutating func begin(now: UInt64, time: Int64) {
        isFetching = true
        began = (now, time)
    }

    /// The issuer gave a set.
    /// - Parameters:
    ///   - maxAge: seconds for which the answer may be kept, by its own word.
    ///   - chance: from 0 up to 1.
    /// - Returns: whether a key is gone that was good until now.
    mutating func answered(
        _ new: IssuerKeySet, tag: String?, maxAge: Int64?, now: UInt64, chance: Double
    ) -> Bool {
        let isLess = set.map { new.lacksKey(of: $0) } ?? false
        set = new
        self.tag = tag
        confirmed(maxAge: maxAge, now: now, chance: chance)
        return isLess
    }

    /// The set is what it was.
    mutating func confirmed(maxAge: Int64?, now: UInt64, chance: Double) {
        failures = 0
        confirmedAt = began?.at ?? now
        confirmedTime = began?.time ?? 0
        let said = maxAge.map { UInt64(clamping: $0).multipliedReportingOverflow(by: Self.second) }
        let wished = said.map { $0.overflow ? UInt64.max : $0.partialValue } ?? Self.usualRefresh
        let pause = min(max(wished, Self.refresh.lowerBound), Self.refresh.upperBound, bounds.stale / 2)
        end(pause: Self.part(of: pause, from: 0.9, chance), now: now)
    }

    mutating func failed(_ failure: Failure, now: UInt64, chance: Double) {
        failures = min(failures + 1, 32)
        let pause: UInt64
        switch failure {
        case .gateway: pause = Self.gatewayPause
        case .issuer:
            let longest = isUsable(at: now) ? Self.longestPause.with : Self.longestPause.without
            let grown = min(Self.firstPause << UInt64(min(failures - 1, 20)), longest)
            // Not past the end of what is known.
            let left = isUsable(at: now) ? confirmedAt &+ bounds.stale &- now : .max
            pause = min(grown, max(left, Self.firstPause))
        }
        end(pause: Self.part(of: pause, from: 0.5, chance), now: now)
    }

    /// The operator asks for it, now or after the fetch that is under way.
    mutating func askAgain(now: UInt64) {
        if isFetching { isAskedAgain = true } else { next = now }
    }

    private mutating func end(pause: UInt64, now: UInt64) {
        isFetching = false
        next = isAskedAgain ? now : now &+ pause
        isAskedAgain = false
    }

    /// Many services that began together do not ask together for ever.
    private static func part(of pause: UInt64, from least: Double, _ chance: Double) -> UInt64 {
        UInt64(Double(pause) * (least + (1 - least) * chance))
    }
}
