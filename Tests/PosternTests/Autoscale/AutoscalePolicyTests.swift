import Shared
import Testing

@testable import Postern

/// A service under a load that a test sets, second by second. An instance answers within `base` while it has no more in
/// flight than `capacity`; what is more waits.
private struct SimulatedService {
    let capacity: Double
    let base: Double
    var running: Int
    /// Requests that clients have in flight all the time.
    var clients = 0.0
    var requests: UInt64 = 0
    var time = Duration.zero
    var policy: AutoscalePolicy
    /// Every count that was decided upon, and when.
    var changes: [(at: Duration, count: Int)] = []
    var naps = 0

    init(_ scale: ServiceReport.Scale, capacity: Double, base: Double = 1000, running: Int = 1) {
        self.capacity = capacity
        self.base = base
        self.running = running
        policy = AutoscalePolicy(scale, now: .zero)
    }

    mutating func run(seconds: Int, clients: Double) {
        self.clients = clients
        for _ in 0..<seconds { second() }
    }

    private mutating func second() {
        time += .seconds(1)
        var figures = AutoscalePolicy.Figures(running: running, there: max(running, 1))
        if clients > 0, running == 0 { running = 1 }
        if clients > 0 {
            let each = clients / Double(running)
            let latency = base * max(1, each / capacity)
            requests += UInt64(clients / latency * 1_000_000)
            figures.p50 = UInt64(latency)
            figures.p95 = UInt64(latency * 1.5)
            // What a look meets differs from second to second.
            figures.inFlight = max(0, Int(clients) + (Int(time.components.seconds) % 3 - 1) * max(1, Int(clients / 10)))
        }
        figures.running = running
        figures.requests = requests
        switch policy.decide(figures, now: time) {
        case .stay, .listen: break
        case .sleep:
            running = 0
            naps += 1
        case .scale(let count, _):
            running = count
            changes.append((time, count))
        }
    }
}

@Suite("Autoscaling")
struct AutoscalePolicyTests {
    private static let scale = ServiceReport.Scale(minimum: 1, maximum: 8, target: 70, capacity: 10)

    @Test("a load gets as many instances as it needs within half a minute, and no further change while it lasts")
    func up() {
        var service = SimulatedService(Self.scale, capacity: 10)
        service.run(seconds: 60, clients: 3)
        #expect(service.running == 1 && service.changes.isEmpty)
        service.run(seconds: 30, clients: 40)
        #expect(service.running == 6, "\(service.changes)")
        let count = service.changes.count
        service.run(seconds: 3600, clients: 40)
        #expect(service.changes.count == count, "\(service.changes)")
    }

    @Test("what is not needed is stopped after the cool-down, step by step, and not under a load near the limit")
    func down() {
        var service = SimulatedService(Self.scale, capacity: 10, running: 6)
        service.run(seconds: 29, clients: 3)
        #expect(service.running == 6)
        service.run(seconds: 300, clients: 3)
        #expect(service.running == 1)
        #expect(service.changes.map(\.count) == [3, 2, 1])
        for (first, next) in zip(service.changes, service.changes.dropFirst()) {
            #expect(next.at - first.at >= .seconds(30))
        }
        // 6.9 of 7 that the target allows: neither one more nor, later, one less than what it then has.
        service = SimulatedService(Self.scale, capacity: 10, running: 2)
        service.run(seconds: 3600, clients: 7)
        #expect(service.running == 2)
    }

    @Test("loads that come and go faster than the cool-down do not make it flap", arguments: [5, 10, 20])
    func flapping(period: Int) {
        var service = SimulatedService(Self.scale, capacity: 10)
        for _ in 0..<(1200 / period) {
            service.run(seconds: period, clients: 40)
            service.run(seconds: period, clients: 2)
        }
        // Up once, in a few steps; never down in between.
        let counts = service.changes.map(\.count)
        #expect(counts == counts.sorted(), "\(service.changes)")
        #expect(counts.count <= 5)
    }

    @Test("the bounds are kept, whatever the load is, and whoever started or stopped by hand")
    func bounds() {
        var service = SimulatedService(Self.scale, capacity: 10)
        service.run(seconds: 600, clients: 100_000)
        #expect(service.running == 8)
        #expect(service.changes.allSatisfy { (1...8).contains($0.count) })
        service.running = 20
        service.run(seconds: 1, clients: 100_000)
        #expect(service.running == 8)
        service.running = 0
        service.run(seconds: 20, clients: 0)
        #expect(service.running == 1)
    }

    @Test("without a capacity it is learnt from how answers slow down")
    func learning() {
        var scale = Self.scale
        scale.capacity = nil
        var service = SimulatedService(scale, capacity: 4)
        service.run(seconds: 30, clients: 2)
        #expect(service.policy.capacity == nil && service.running == 1)
        service.run(seconds: 60, clients: 16)
        let capacity = service.policy.capacity ?? 0
        #expect((3...5).contains(capacity), "\(capacity)")
        #expect((5...7).contains(service.running), "\(service.changes)")
        let count = service.changes.count
        service.run(seconds: 600, clients: 16)
        #expect(service.changes.count <= count + 1, "\(service.changes)")
        service.run(seconds: 600, clients: 1)
        #expect(service.running == 1)
    }

    @Test("requests that wait, and answers that take longer than `latency`, have one more started")
    func signals() {
        let scale = ServiceReport.Scale(minimum: 1, maximum: 3, latency: 100)
        var policy = AutoscalePolicy(scale, now: .zero)
        var figures = AutoscalePolicy.Figures(running: 1, there: 1, inFlight: 1, pending: 3)
        #expect(policy.decide(figures, now: .seconds(1)) == .stay)
        #expect(policy.decide(figures, now: .seconds(3)) == .scale(to: 2, .queueing))
        figures.running = 2
        figures.pending = 0
        figures.p50 = 90_000
        figures.p95 = 150_000
        #expect(policy.decide(figures, now: .seconds(10)) == .stay)
        #expect(policy.decide(figures, now: .seconds(12)) == .scale(to: 3, .latency))
        figures.running = 3
        // Just below it one less would be too few.
        figures.p95 = 90_000
        for second in 20...200 { #expect(policy.decide(figures, now: .seconds(second)) == .stay) }
    }

    @Test("with `min: 0` the last one goes to sleep when nobody asks, and a request wakes it")
    func zero() {
        let scale = ServiceReport.Scale(minimum: 0, maximum: 8, capacity: 10, idle: 60)
        var service = SimulatedService(scale, capacity: 10)
        service.run(seconds: 120, clients: 40)
        #expect(service.running == 6 && service.naps == 0)
        service.run(seconds: 59, clients: 0)
        #expect(service.running > 0 && service.naps == 0)
        service.run(seconds: 5, clients: 0)
        #expect(service.running == 0 && service.naps == 1)
        service.run(seconds: 600, clients: 0)
        #expect(service.running == 0 && service.naps == 1)
        service.run(seconds: 10, clients: 1)
        #expect(service.running == 1)
        // A request now and then keeps it awake.
        for _ in 0..<20 {
            service.run(seconds: 50, clients: 0)
            service.run(seconds: 1, clients: 1)
        }
        #expect(service.naps == 1)
    }

    @Test("with `min: 0` and no socket that could wake it, one is asked for")
    func listen() {
        var policy = AutoscalePolicy(ServiceReport.Scale(minimum: 0, maximum: 2), now: .zero)
        #expect(policy.decide(.init(running: 0, there: 0), now: .seconds(1)) == .listen)
        #expect(policy.decide(.init(running: 0, there: 1), now: .seconds(2)) == .stay)
    }

    @Test("after a start that failed it waits before it tries again")
    func failure() {
        var policy = AutoscalePolicy(Self.scale, now: .zero)
        let busy = AutoscalePolicy.Figures(running: 1, there: 1, inFlight: 100)
        var starts = 0
        for second in 1...60 {
            if policy.decide(busy, now: .seconds(second)) != .stay {
                starts += 1
                policy.failed(now: .seconds(second))
            }
        }
        #expect(starts == 2)
    }
}
