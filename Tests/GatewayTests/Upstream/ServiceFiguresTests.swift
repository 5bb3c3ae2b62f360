import Testing

@testable import Gateway
@testable import Shared

@Suite("The figures of a service")
struct ServiceFiguresTests {
    private static let microsecond: UInt64 = 1000

    @Test("a latency is found again within an eighth, from a microsecond to two minutes")
    func scale() {
        var last = -1
        for exponent in 0..<27 {
            for part in 0..<8 {
                let latency = (UInt64(8 + part) << UInt64(exponent)) / 8
                let bucket = LatencyScale.bucket(of: latency)
                #expect(bucket >= last && bucket < LatencyScale.count)
                last = bucket
                let found = LatencyScale.value(of: bucket)
                #expect(max(found, latency) - min(found, latency) <= latency / 8 + 1, "\(latency) \(found)")
            }
        }
        #expect(LatencyScale.bucket(of: .max) == LatencyScale.count - 1)
        #expect(LatencyScale.bucket(of: 0) == 0)
    }

    @Test("percentiles and the rate are of the whole seconds before; what is older is forgotten")
    func window() {
        let figures = ServiceFigures()
        for index in 1...100 {
            let latency = index <= 90 ? 1000 * Self.microsecond : 64_000 * Self.microsecond
            figures.record(.answered(status: 200), latency: latency, now: 10 * second + UInt64(index))
        }
        #expect(figures.sample(now: 10 * second + 500).percentile(500) == nil)
        let sample = figures.sample(now: 11 * second)
        #expect(sample.requests == 100 && sample.errors == 0)
        let middle = sample.percentile(500) ?? 0
        #expect((900...1100).contains(middle))
        let high = sample.percentile(950) ?? 0
        #expect((56_000...72_000).contains(high))
        #expect(sample.rate == 100 * 1000 / 5)
        #expect(figures.sample(now: 15 * second).percentile(500) == sample.percentile(500))
        #expect(figures.sample(now: 16 * second).percentile(500) == nil)
        // A slot is used again for a later second, without what was in it.
        figures.record(.answered(status: 200), latency: 8 * Self.microsecond, now: 16 * second)
        #expect(figures.sample(now: 17 * second).latencies.reduce(0, +) == 1)
    }

    @Test("attempts without an answer count, as errors, and have no latency; those given up are none")
    func outcomes() {
        let figures = ServiceFigures()
        for outcome in [InstanceOutcome.refused, .broken, .timedOut] {
            figures.record(outcome, latency: 0, now: second)
        }
        figures.record(.abandoned, latency: 0, now: second)
        figures.record(.answered(status: 503), latency: Self.microsecond, now: second)
        let sample = figures.sample(now: 2 * second)
        #expect(sample.requests == 5 && sample.errors == 4)
        #expect(sample.latencies.reduce(0, +) == 1)
    }

    @Test("those of several loops are one")
    func sum() {
        let loops = [ServiceFigures(), ServiceFigures()]
        for (index, figures) in loops.enumerated() {
            figures.record(.answered(status: 200), latency: UInt64(index + 1) * 100 * Self.microsecond, now: second)
        }
        var all = FiguresSample()
        for figures in loops { all.add(figures.sample(now: 2 * second)) }
        #expect(all.requests == 2)
        #expect(all.percentile(500) == LatencyScale.value(of: LatencyScale.bucket(of: 100)))
        #expect(all.percentile(990) == LatencyScale.value(of: LatencyScale.bucket(of: 200)))
    }
}
