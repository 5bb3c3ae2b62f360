/// How many requests a service is given at once, learnt from how long it takes to begin its answers. A service that is given
/// more than it can do at once lets them queue, and takes longer for each: as soon as it takes twice as long as with little
/// to do, it is given less, and the rest is refused at once rather than late.
///
/// The idea is that of Netflix's concurrency-limits (Gradient2) and of Envoy's adaptive concurrency: the limit follows the
/// ratio of the time without a queue to the time now. The time without a queue is the least that a window of answers took;
/// that it may have grown since is found out by giving the service a quarter of its limit for a moment: half would still hold
/// the queue that the limit allows.
struct AdaptiveLimit {
    static let least = 4.0
    static let most = 4096.0
    private static let first = 32.0
    /// Answers that a window has at least, and nanoseconds that it takes at least; fewer answers will do after a long time.
    private static let windowCount = 16
    private static let windowTime: UInt64 = 100_000_000
    private static let longWindow: UInt64 = 2_000_000_000
    private static let longWindowCount = 4
    /// So much longer than without a queue may answers take.
    private static let tolerance = 2.0
    /// Part of the way to its new value that the limit goes with each window.
    private static let smoothing = 0.2
    /// Nanoseconds between two looks at the time without a queue, while there is more to do than the limit lets pass.
    private static let probePause: UInt64 = 30_000_000_000
    private static let firstProbe: UInt64 = 5_000_000_000

    private enum Phase: Equatable {
        /// Nothing has slowed the service down yet: the limit grows fast.
        case starting
        case steady
        /// The limit is lowered, and what was begun before has still to end.
        case settling(until: UInt64)
        /// The limit is lowered: the next window tells the time without a queue.
        case probing
    }

    private var phase = Phase.starting
    private var limit = first
    /// What the limit was when the time without a queue was last looked at.
    private var mark = first
    private var nextProbe: UInt64 = 0
    /// Nanoseconds that an answer takes without a queue; 0 while it is not known.
    private(set) var baseline = 0.0
    private var windowStart: UInt64 = 0
    private var count = 0
    private var sum = 0.0
    private var peak = 0

    /// Requests that may wait for their answer to begin.
    var current: Int { Int(isLowered ? max(Self.least, limit / 4) : limit) }

    private var isLowered: Bool {
        switch phase {
        case .starting, .steady: false
        case .settling, .probing: true
        }
    }

    /// An answer has begun, or the time for it was over.
    /// - Parameters:
    ///   - latency: nanoseconds that it took.
    ///   - waiting: requests that waited for an answer then, this one included.
    ///   - now: nanoseconds of a monotonic clock.
    mutating func note(latency: UInt64, waiting: Int, now: UInt64) {
        if case .settling(let until) = phase {
            guard now >= until, waiting <= current else { return }
            phase = .probing
            beginWindow(now)
            return
        }
        if count == 0 { beginWindow(now) }
        count += 1
        sum += Double(latency)
        peak = max(peak, waiting)
        let time = now - windowStart
        guard
            count >= Self.windowCount && time >= Self.windowTime
                || count >= Self.longWindowCount && time >= Self.longWindow
        else { return }
        endWindow(average: sum / Double(count), now)
        count = 0
    }

    private mutating func beginWindow(_ now: UInt64) {
        windowStart = now
        count = 0
        sum = 0
        peak = 0
    }

    private mutating func endWindow(average: Double, _ now: UInt64) {
        if phase == .probing {
            baseline = average
            mark = limit
            nextProbe = now + Self.probePause
            phase = .steady
            return
        }
        if baseline == 0 || average < baseline { baseline = average }
        if nextProbe == 0 { nextProbe = now + Self.firstProbe }
        let gradient = max(0.5, min(1, Self.tolerance * baseline / max(1, average)))
        let isUsed = Double(peak) >= limit / 2
        if gradient < 1 {
            if phase == .starting { mark = limit }
            phase = .steady
            move(to: limit * gradient + limit.squareRoot())
        } else if isUsed {
            // One whose limit is not used tells nothing of what lies beyond it.
            if phase == .starting { limit = min(Self.most, limit * 1.25) } else { move(to: limit + limit.squareRoot()) }
        }
        let isSaturated = Double(peak) >= limit * 0.9
        // A service that has become slower looks like one with a queue, until it is looked at without one.
        if gradient < 1, limit <= mark / 2 || limit <= Self.least || isSaturated && now >= nextProbe {
            phase = .settling(until: now + UInt64(average))
        } else if limit > mark {
            mark = limit
        }
    }

    private mutating func move(to target: Double) {
        limit = min(Self.most, max(Self.least, limit + Self.smoothing * (target - limit)))
    }
}
