import Shared

/// What one loop knows of the requests to one service: how many there were, and how long the first bytes of the answers
/// of the last seconds took. Written at the end of each attempt; nothing is allocated for one but the first.
final class ServiceFigures {
    private(set) var requests: UInt64 = 0
    private(set) var errors: UInt64 = 0
    /// So many answers in each of `LatencyScale`'s buckets, for each of the last seconds.
    private var counts: [UInt32] = []
    /// Which second each part of `counts` is of, on the loop's clock.
    private var seconds: [UInt64] = []
    private let startedAt: UInt64

    /// Seconds that are kept: the one under way, and those before it.
    static let window = 6
    private static let second: UInt64 = 1_000_000_000

    init(_ loop: EventLoop? = nil) { startedAt = loop?.now ?? 0 }

    /// - Parameters:
    ///   - latency: nanoseconds to the first byte; 0 without an answer.
    ///   - now: nanoseconds on the loop's clock.
    func record(_ outcome: InstanceOutcome, latency: UInt64, now: UInt64) {
        requests &+= 1
        if outcome.isError { errors &+= 1 }
        guard latency > 0 else { return }
        let second = now / Self.second
        let slot = Int(second % UInt64(Self.window))
        if seconds.isEmpty {
            counts = Array(repeating: 0, count: Self.window * LatencyScale.count)
            seconds = Array(repeating: .max, count: Self.window)
        }
        let start = slot * LatencyScale.count
        if seconds[slot] != second {
            seconds[slot] = second
            for index in start..<start + LatencyScale.count { counts[index] = 0 }
        }
        counts[start + LatencyScale.bucket(of: latency / 1000)] &+= 1
    }

    /// What there is to tell now, of the whole seconds before this one.
    func sample(now: UInt64) -> FiguresSample {
        let second = now / Self.second
        var sample = FiguresSample(requests: requests, errors: errors)
        // A loop that has just begun has no whole window behind it.
        sample.seconds = max(1, min(Int(second - min(second, startedAt / Self.second)), Self.window - 1))
        guard !seconds.isEmpty else { return sample }
        for slot in 0..<Self.window where seconds[slot] < second && seconds[slot] + UInt64(Self.window) > second {
            for index in 0..<LatencyScale.count {
                sample.latencies[index] += UInt64(counts[slot * LatencyScale.count + index])
            }
        }
        return sample
    }
}

/// Buckets of latencies, each a fourth of an octave: no figure is further than an eighth from what was measured.
enum LatencyScale {
    /// Up to 2^27 microseconds, which is more than two minutes; what is longer is in the last one.
    static let count = 104

    static func bucket(of microseconds: UInt64) -> Int {
        guard microseconds >= 4 else { return Int(microseconds) }
        let exponent = 63 - microseconds.leadingZeroBitCount
        return min((exponent - 1) * 4 + Int(microseconds >> UInt64(exponent - 2) & 3), count - 1)
    }

    /// Microseconds in the middle of a bucket.
    static func value(of bucket: Int) -> UInt64 {
        guard bucket >= 4 else { return UInt64(bucket) }
        let exponent = UInt64(bucket / 4 + 1)
        let quarter = UInt64(1) << (exponent - 2)
        return (4 + UInt64(bucket % 4)) * quarter + quarter / 2
    }
}

/// The figures of one service, of one loop or of several.
struct FiguresSample: Sendable, Equatable {
    var requests: UInt64 = 0
    var errors: UInt64 = 0
    /// By `LatencyScale`, over `seconds`.
    var latencies = [UInt64](repeating: 0, count: LatencyScale.count)
    var seconds = 1

    init(requests: UInt64 = 0, errors: UInt64 = 0) {
        self.requests = requests
        self.errors = errors
    }

    mutating func add(_ other: FiguresSample) {
        requests &+= other.requests
        errors &+= other.errors
        for index in latencies.indices { latencies[index] += other.latencies[index] }
        seconds = max(seconds, other.seconds)
    }

    /// Answers a second, in thousandths.
    var rate: Int { Int(latencies.reduce(0, +)) * 1000 / seconds }

    /// Microseconds within which so many of a thousand answers began; nil without an answer.
    func percentile(_ thousandths: UInt64) -> UInt64? {
        let total = latencies.reduce(0, +)
        guard total > 0 else { return nil }
        let rank = max(1, (total * thousandths + 999) / 1000)
        var seen: UInt64 = 0
        for (bucket, count) in latencies.enumerated() {
            seen += count
            if seen >= rank { return LatencyScale.value(of: bucket) }
        }
        return nil
    }
}
