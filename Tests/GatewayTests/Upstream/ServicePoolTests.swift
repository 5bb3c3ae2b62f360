import Testing

@testable import Gateway
@testable import Shared

@Suite("The choice between instances")
struct ServicePoolTests {
    private let loop: EventLoop
    private let folder: TemporaryFolder

    init() throws {
        loop = try EventLoop()
        folder = try TemporaryFolder()
    }

    /// Instances that are there, with so many exchanges under way each.
    private func instances(_ loads: [Int]) throws -> (pool: ServicePool, keeping: [Any]) {
        var kept: [Any] = []
        let instances = try loads.enumerated().map { index, load in
            let service = try PlayedService(folder["\(index)-\(UInt64.random(in: 0 ... .max)).sock"])
            let instance = InstancePool(.unix(path: service.path), loop: loop)
            kept.append(service)
            for _ in 0..<load { kept.append(try instance.take(fresh: true)) }
            return instance
        }
        return (ServicePool(ServiceRule(name: "x", file: "x.yaml", instances: []), instances), kept)
    }

    private func fail(_ instance: InstancePool) throws {
        let connection = try instance.take(fresh: true)
        instance.lose(connection, isInstanceDown: true)
    }

    @Test("a service without instances has none to choose; one with a single instance has that, failed or not")
    func few() throws {
        #expect(ServicePool(ServiceRule(name: "x", file: "x.yaml", instances: []), []).choose() == nil)
        let (pool, keeping) = try instances([0])
        try fail(pool.instances[0])
        #expect(pool.choose() === pool.instances[0])
        #expect(pool.choose(InstanceChoice(except: pool.instances[0])) === pool.instances[0])
        withExtendedLifetime(keeping) {}
    }

    @Test("of two instances the less busy one is chosen, always")
    func lessBusy() throws {
        let (pool, keeping) = try instances([3, 1])
        for _ in 0..<50 { #expect(pool.choose() === pool.instances[1]) }
        withExtendedLifetime(keeping) {}
    }

    @Test("of many the busiest is never chosen, and all others are")
    func many() throws {
        let (pool, keeping) = try instances([0, 0, 0, 9, 0])
        var chosen: [Int] = Array(repeating: 0, count: 5)
        for _ in 0..<1000 {
            let choice = try #require(pool.choose())
            chosen[try #require(pool.instances.firstIndex { $0 === choice })] += 1
        }
        #expect(chosen[3] == 0)
        for index in [0, 1, 2, 4] { #expect(chosen[index] > 150) }
        withExtendedLifetime(keeping) {}
    }

    @Test("failed ones, and the one that just failed, are passed over where another can be had")
    func failed() throws {
        let (pool, keeping) = try instances([0, 0, 5, 0])
        try fail(pool.instances[0])
        try fail(pool.instances[1])
        for _ in 0..<50 { #expect(pool.choose(InstanceChoice(except: pool.instances[3])) === pool.instances[2]) }
        withExtendedLifetime(keeping) {}
    }

    @Test("where all have failed another one than the last is tried")
    func allFailed() throws {
        let (pool, keeping) = try instances([0, 0])
        for instance in pool.instances { try fail(instance) }
        for _ in 0..<50 { #expect(pool.choose(InstanceChoice(except: pool.instances[0])) === pool.instances[1]) }
        withExtendedLifetime(keeping) {}
    }

    @Test("what is down or draining is never chosen, not even where there is nothing else", arguments: [1, 2, 3])
    func closed(count: Int) throws {
        let (pool, keeping) = try instances(Array(repeating: 0, count: count))
        for instance in pool.instances.dropFirst() { instance.state.isUp = false }
        let first = pool.instances[0]
        for _ in 0..<50 { #expect(pool.choose() === first) }
        // One that failed, or was just tried, is better than none.
        try fail(first)
        #expect(pool.choose() === first)
        #expect(pool.choose(InstanceChoice(except: first)) === first)
        first.state.isDraining = true
        #expect(pool.choose() == nil)
        #expect(pool.choose(InstanceChoice(except: first)) == nil)
        withExtendedLifetime(keeping) {}
    }

    @Test("ejected ones are passed over, and tried where nobody else is up")
    func ejected() throws {
        let (pool, keeping) = try instances([0, 9, 0])
        pool.instances[0].state.eject(until: loop.now + second, step: 1)
        pool.instances[2].state.isUp = false
        for _ in 0..<50 { #expect(pool.choose() === pool.instances[1]) }
        pool.instances[1].state.isUp = false
        #expect(pool.choose() === pool.instances[0])
        withExtendedLifetime(keeping) {}
    }
}
