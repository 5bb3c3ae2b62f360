import Shared

/// How much of their rates clients have used up: for the whole process, shared by its loops without a lock.
///
/// A rate is kept as one moment for each client, up to which what it has used up is paid for (the generic cell rate
/// algorithm, ITU-T I.371). A client whose moment has passed has used up nothing, so its place is free for another.
///
/// The table is bounded. A place is one of eight that a keyed hash names, so nobody chooses with whom a place is shared.
/// Where all eight are in use, the client with the least used up makes way: of those who are near their limit none is
/// forgotten, however many new ones come, and a new one is always counted. The one who made way begins anew: so a full
/// table errs towards letting a request pass, by as little as there is to choose from. It never refuses one for want of
/// room, or else many clients could shut the others out.
final class RateLimiter: Sendable {
    static let defaultKeys = 65_536
    private static let ways = 8
    private static let attemptLimit = 4

    /// Twice a place: who it belongs to, and the moment.
    private let words: AtomicWords
    private let mask: UInt64
    private let hash = TokenHash()

    /// What became of one request.
    struct Outcome: Equatable {
        /// Nanoseconds until the same request would pass; 0 when it passed.
        var wait: UInt64 = 0
        /// Requests that would pass now, and nanoseconds until it is one more.
        var left: UInt64 = 0
        var untilNext: UInt64 = 0
        /// Another client was forgotten before its time.
        var hasEvicted = false
    }

    /// - Parameter keys: clients that are kept at once, rounded up to a power of two; 16 bytes each.
    init(keys: Int = defaultKeys) {
        var sets = 1
        while sets * Self.ways < keys { sets *= 2 }
        mask = UInt64(sets - 1)
        words = AtomicWords(count: sets * Self.ways * 2)
    }

    /// The key of a client of one rate.
    func key(_ rate: RateRule, client: ClientIdentity) -> UInt64 {
        nonzero(hash(rate.seed ^ client.kind, client.value))
    }

    /// The key of a user, by the name that the auth service knows.
    func key(_ rate: RateRule, user: RawSpan) -> UInt64 {
        nonzero(hash(rate.seed &+ 1, UInt64(bitPattern: Int64(hash(user)))))
    }

    /// The key of all requests of one rate.
    func key(_ rate: RateRule) -> UInt64 { nonzero(hash(rate.seed &+ 2, 0)) }

    /// 0 is nobody's.
    private func nonzero(_ key: UInt64) -> UInt64 { key == 0 ? 1 : key }

    /// Takes one request from what `key` may use, if so much is left. Nothing is taken of who is refused: it does not
    /// lengthen its wait by asking.
    func take(_ rate: RateRule, _ key: UInt64, now: UInt64) -> Outcome {
        var outcome = Outcome()
        guard let place = place(of: key, now: now, &outcome) else { return outcome }
        var paid = words.load(place + 1)
        while true {
            let next = max(paid, now) + rate.interval
            guard next <= now + rate.capacity else {
                outcome.wait = next - (now + rate.capacity)
                outcome.untilNext = outcome.wait
                return outcome
            }
            let found = words.exchange(place + 1, paid, with: next)
            if found == paid {
                let room = now + rate.capacity - next
                outcome.left = room / rate.interval
                outcome.untilNext = rate.interval - room % rate.interval
                return outcome
            }
            paid = found
        }
    }

    /// Where the key's words stand; made if it has none. Nil when other threads were faster again and again.
    private func place(of key: UInt64, now: UInt64, _ outcome: inout Outcome) -> Int? {
        let first = Int(key & mask) * Self.ways * 2
        let end = first + Self.ways * 2
        for _ in 0..<Self.attemptLimit {
            var candidate = first
            var candidateOwner: UInt64 = 0
            var least = UInt64.max
            for place in stride(from: first, to: end, by: 2) {
                let owner = words.load(place)
                if owner == key { return place }
                let paid = words.load(place + 1)
                if paid < least { (candidate, candidateOwner, least) = (place, owner, paid) }
            }
            guard words.exchange(candidate, candidateOwner, with: key) == candidateOwner else { continue }
            // A moment that has passed says what none says. The former owner may be about to move this one: then a
            // request is booked on the wrong one of the two, once.
            if least > now {
                outcome.hasEvicted = true
                _ = words.exchange(candidate + 1, least, with: 0)
            }
            return candidate
        }
        outcome.hasEvicted = true
        return nil
    }
}
