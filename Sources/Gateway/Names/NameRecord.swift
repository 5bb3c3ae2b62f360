/// What is known of one name, over time. A pure struct: answers and the time go in, what became of it comes out.
struct NameRecord {
    /// What is to be said of an answer.
    struct Outcome: Equatable {
        /// Other addresses than before.
        var isChanged = false
        /// Addresses that the policy refuses, and did not with the last answer.
        var newlyRefused: [IPAddress] = []
        /// How many it refused.
        var refusedCount = 0
        /// The first time that nobody answers, and why.
        var began: String?
        /// Somebody answers again.
        var isRecovered = false
        /// What was known is too old to be used on.
        var isForgotten = false
    }

    let allowsPrivate: Bool
    /// Families in turn; judged.
    private(set) var addresses: [IPAddress] = []
    /// When it is to be asked again, on the loop's clock.
    private(set) var due: UInt64 = 0
    /// It was asked, and an answer came, or none did.
    private(set) var isSettled = false
    /// Questions in a row that nobody answered.
    private(set) var failures = 0
    private var refused: Set<IPAddress> = []
    /// How long the addresses are good although nobody answers.
    private var end: UInt64 = 0

    /// Nanoseconds to the next question after a name was said to have no addresses.
    static let emptyTime: UInt64 = 10_000_000_000
    /// To the next question after nobody answered: doubled each time, up to the second.
    static let failureTime: UInt64 = 1_000_000_000
    static let failureLimit: UInt64 = 30_000_000_000
    /// Addresses of a name that are used; more are left out.
    static let addressLimit = 32

    init(allowsPrivate: Bool) {
        self.allowsPrivate = allowsPrivate
    }

    /// Takes the answers for both families. One family without an answer keeps the addresses that it had.
    mutating func take(
        _ short: NameAnswer, _ long: NameAnswer, now: UInt64, _ settings: ResolverConfiguration
    ) -> Outcome {
        isSettled = true
        var found: [IPAddress] = []
        var seconds: UInt32?
        var failure: String?
        for (answer, isIPv6) in [(short, false), (long, true)] {
            switch answer {
            case .found(let some, let ttl):
                found += some
                seconds = min(seconds ?? .max, ttl)
            case .none: break
            case .failed(let reason):
                failure = reason
                if end > now { found += addresses.filter { $0.isIPv6 == isIPv6 } }
            }
        }
        guard let failure else { return succeed(found, seconds, now, settings) }
        if let seconds {
            // One family is enough to go on with; the other is asked for soon.
            var outcome = succeed(found, seconds, now, settings)
            due = min(due, now + max(Self.failureLimit, settings.minimumTTL))
            outcome.began = nil
            return outcome
        }
        return fail(failure, now)
    }

    private mutating func succeed(
        _ found: [IPAddress], _ seconds: UInt32?, _ now: UInt64, _ settings: ResolverConfiguration
    ) -> Outcome {
        var outcome = Outcome()
        outcome.isRecovered = failures > 0
        failures = 0
        let time = seconds.map { UInt64($0) * 1_000_000_000 } ?? Self.emptyTime
        due = now + min(max(time, settings.minimumTTL), settings.maximumTTL)
        end = due + settings.stale
        judge(Array(Set(found)), &outcome)
        return outcome
    }

    /// Each answer is judged anew: a name that was public yesterday may lead inside today.
    private mutating func judge(_ found: [IPAddress], _ outcome: inout Outcome) {
        let bad = allowsPrivate ? [] : Set(found.filter(AddressPolicy.isPrivate))
        outcome.refusedCount = bad.count
        outcome.newlyRefused = bad.subtracting(refused).sorted()
        refused = bad
        set(Array(found.filter { !bad.contains($0) }.interleaved.prefix(Self.addressLimit)), &outcome)
    }

    private mutating func fail(_ reason: String, _ now: UInt64) -> Outcome {
        var outcome = Outcome()
        if failures == 0 { outcome.began = reason }
        due = now + min(Self.failureTime << UInt64(min(failures, 10)), Self.failureLimit)
        failures += 1
        if !addresses.isEmpty && now >= end {
            outcome.isForgotten = true
            set([], &outcome)
        }
        return outcome
    }

    private mutating func set(_ new: [IPAddress], _ outcome: inout Outcome) {
        outcome.isChanged = new != addresses
        addresses = new
    }
}
