import Testing

@testable import Gateway

/// A service that can do so many requests at once, each in some time; the others queue. Requests come evenly, and those
/// beyond the limit are turned away.
private struct Simulation {
    var limit = AdaptiveLimit()
    var now: UInt64 = second
    /// When the answers that are under way begin, and when they were asked for.
    private var under: [(begins: UInt64, asked: UInt64)] = []
    /// When each of the service's places is free.
    private var places: [UInt64]
    private(set) var served = 0
    private(set) var shed = 0
    private(set) var latencies: [UInt64] = []
    private var seed: UInt64 = 1
    var time: UInt64

    init(places: Int, time: UInt64) {
        self.places = Array(repeating: 0, count: places)
        self.time = time
    }

    /// Lets so many requests a second come for some seconds.
    mutating func run(_ rate: Int, seconds: Double) {
        (served, shed, latencies) = (0, 0, [])
        let end = now + UInt64(seconds * 1e9)
        while now < end {
            now += 1_000_000_000 / UInt64(rate)
            answer()
            guard under.count < limit.current else {
                shed += 1
                continue
            }
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Some take half of the time, some half as long again.
            let own = time / 2 + UInt64(seed >> 40) * time / (1 << 24)
            let place = places.indices.min { places[$0] < places[$1] } ?? 0
            places[place] = max(places[place], now) + own
            under.append((places[place], now))
        }
    }

    private mutating func answer() {
        for one in under.filter({ $0.begins <= now }).sorted(by: { $0.begins < $1.begins }) {
            limit.note(latency: one.begins - one.asked, waiting: under.count, now: one.begins)
            under.removeAll { $0.begins == one.begins && $0.asked == one.asked }
            served += 1
            latencies.append(one.begins - one.asked)
        }
    }

    var mean: Double { Double(latencies.reduce(0, +)) / Double(max(1, latencies.count)) }
}

@Suite("The limit that is learnt")
struct AdaptiveLimitTests {
    @Test("a service with room enough is given all, and nothing is refused")
    func roomy() {
        var simulation = Simulation(places: 200, time: 20 * millisecond)
        simulation.run(1000, seconds: 20)
        #expect(simulation.shed == 0)
        #expect(simulation.mean < 25e6)
    }

    @Test("a service that can do a thousand a second, asked for three thousand, does a thousand, none of them late")
    func overload() {
        var simulation = Simulation(places: 20, time: 20 * millisecond)
        simulation.run(500, seconds: 5)
        #expect(simulation.shed == 0)
        simulation.run(3000, seconds: 20)
        simulation.run(3000, seconds: 40)
        #expect(simulation.served > 39_000, "\(simulation.served) served, \(simulation.limit.current)")
        #expect(simulation.shed > 70_000)
        #expect(simulation.mean < 60e6, "\(simulation.mean / 1e6) ms, \(simulation.limit.current)")
        #expect(simulation.limit.current < 80)
    }

    @Test("it does not forget itself under a load that never ends")
    func noDrift() {
        var simulation = Simulation(places: 10, time: 50 * millisecond)
        for _ in 0..<3 { simulation.run(1000, seconds: 60) }
        #expect(simulation.limit.current < 50)
        #expect(simulation.mean < 200e6)
        #expect(simulation.served > 11_000)
    }

    @Test("what a service that has become slower can still do is found out in seconds")
    func slower() {
        var simulation = Simulation(places: 100, time: 10 * millisecond)
        simulation.run(2000, seconds: 10)
        simulation.time = 40 * millisecond
        simulation.run(2000, seconds: 10)
        simulation.run(2000, seconds: 10)
        #expect(Double(simulation.shed) < 0.02 * 20_000, "\(simulation.shed) refused, \(simulation.limit.current)")
    }

    @Test("after an overload all is as before")
    func recovery() {
        var simulation = Simulation(places: 20, time: 20 * millisecond)
        simulation.run(3000, seconds: 30)
        simulation.run(400, seconds: 5)
        simulation.run(400, seconds: 30)
        #expect(simulation.shed == 0)
        #expect(simulation.mean < 25e6)
    }

    @Test("it stays between its bounds, whatever it is told")
    func bounds() {
        var limit = AdaptiveLimit()
        var seed: UInt64 = 7
        for number in 0..<200_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            limit.note(
                latency: seed >> (seed & 63), waiting: Int(seed >> 50), now: second + UInt64(number) * 10 * millisecond)
            #expect(limit.current >= Int(AdaptiveLimit.least) && limit.current <= Int(AdaptiveLimit.most))
        }
    }
}
