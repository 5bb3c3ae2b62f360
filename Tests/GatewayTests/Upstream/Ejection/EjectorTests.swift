import Testing

@testable import Gateway
@testable import Shared

@Suite("Ejecting instances for what they do to requests")
struct EjectorTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop()
    }

    private func pool(_ count: Int, _ change: (inout EjectionRule) -> Void = { _ in }) -> ServicePool {
        var rule = EjectionRule()
        change(&rule)
        var balance = BalanceConfiguration()
        balance.ejection = rule
        let addresses = (0..<count).map { InstanceAddress.unix(path: "/nowhere/\($0)") }
        let service = ServiceRule(name: "x", file: "x.yaml", instances: addresses, balance: balance)
        return ServicePool(service, addresses.map { InstancePool($0, loop: loop) })
    }

    private func advance(by seconds: UInt64) {
        loop.clockAdvance += seconds * second
        loop.turn(waitingAtMost: 0)
    }

    @discardableResult
    private func fail(_ pool: ServicePool, _ place: Int, _ times: Int = 5, _ outcome: InstanceOutcome = .broken) -> Bool
    {
        var isEjected = false
        for _ in 0..<times { isEjected = pool.record(outcome, of: pool.instances[place], latency: 0) || isEjected }
        return isEjected
    }

    private func ejected(_ pool: ServicePool) -> [Int] {
        pool.instances.indices.filter { pool.instances[$0].state.isEjected(loop.now) }
    }

    @Test("so many failures in a row eject an instance; one answer in between begins the count anew")
    func faults() {
        let pool = pool(4)
        fail(pool, 1, 4)
        pool.record(.answered(status: 200), of: pool.instances[1], latency: 1)
        #expect(!fail(pool, 1, 4))
        #expect(ejected(pool) == [])
        #expect(fail(pool, 1, 1))
        #expect(ejected(pool) == [1])
        for _ in 0..<200 { #expect(pool.choose() !== pool.instances[1]) }
        advance(by: 11)
        #expect(ejected(pool) == [])
    }

    @Test(
        "what counts as a failure",
        arguments: [
            (InstanceOutcome.refused, true), (.broken, true), (.timedOut, true), (.answered(status: 502), true),
            (.answered(status: 503), true), (.answered(status: 504), true), (.answered(status: 500), false),
            (.answered(status: 404), false), (.abandoned, false),
        ])
    func kinds(outcome: InstanceOutcome, isFault: Bool) {
        #expect(fail(pool(4), 0, 5, outcome) == isFault)
    }

    @Test("a client who leaves neither adds to the count nor ends it")
    func abandoned() {
        let pool = pool(4)
        fail(pool, 0, 4)
        fail(pool, 0, 3, .abandoned)
        #expect(fail(pool, 0, 1))
    }

    @Test("a kept connection that was closed without an answer is no failure; one that was fresh is")
    func kept() {
        let idle = ClientFailure(kind: .closed, hadResponse: false, wasReused: true)
        #expect(InstanceOutcome(idle) == .abandoned)
        #expect(InstanceOutcome(ClientFailure(kind: .closed, hadResponse: true, wasReused: true)) == .broken)
        #expect(InstanceOutcome(ClientFailure(kind: .closed, hadResponse: false, wasReused: false)) == .broken)
        #expect(InstanceOutcome(ClientFailure(kind: .timeout, hadResponse: false, wasReused: true)) == .timedOut)
    }

    @Test("half of the instances are kept, whatever all of them do; what is down counts as out")
    func share() {
        let pool = pool(4)
        for place in 0..<4 { fail(pool, place, 50) }
        #expect(ejected(pool) == [0, 1])
        let halfDown = self.pool(4)
        halfDown.instances[0].state.isUp = false
        halfDown.instances[1].state.isDraining = true
        for place in 0..<4 { fail(halfDown, place, 50) }
        #expect(ejected(halfDown) == [])
        #expect(!fail(self.pool(1), 0, 50))
    }

    @Test("it comes back, and goes for longer each time that it goes on failing")
    func again() {
        let pool = pool(2)
        for expected in [10, 20, 40] {
            #expect(fail(pool, 0))
            advance(by: UInt64(expected) - 1)
            #expect(ejected(pool) == [0])
            advance(by: 1)
            #expect(ejected(pool) == [])
        }
    }

    @Test("who is slower by far than the others is ejected after the interval, where that is asked for")
    func latency() {
        for factor in [0, 4] {
            let pool = pool(4) { $0.latency = factor }
            func answers(_ milliseconds: [UInt64], _ times: Int = 20) -> Bool {
                var isEjected = false
                for _ in 0..<times {
                    for (instance, time) in zip(pool.instances, milliseconds) {
                        pool.rule.ejector?.note(time * millisecond, of: instance.state)
                        let outcome = InstanceOutcome.answered(status: 200)
                        isEjected = pool.record(outcome, of: instance, latency: time * millisecond) || isEjected
                    }
                }
                return isEjected
            }
            #expect(!answers([20, 20, 20, 500]))
            advance(by: 11)
            #expect(answers([20, 20, 20, 500], 1) == (factor > 0))
            #expect(ejected(pool) == (factor > 0 ? [3] : []))
            // What came before says nothing of the next interval.
            advance(by: 21)
            #expect(!answers([20, 20, 20, 20]))
        }
    }

    @Test("two that are slow are not both ejected where half is kept of three")
    func slowShare() {
        let pool = pool(3) { $0.latency = 4 }
        for seconds: UInt64 in [0, 11] {
            advance(by: seconds)
            for _ in 0..<20 {
                for (place, instance) in pool.instances.enumerated() {
                    pool.rule.ejector?.note(place == 0 ? millisecond : 500 * millisecond, of: instance.state)
                    pool.record(.answered(status: 200), of: instance, latency: 1)
                }
            }
        }
        #expect(ejected(pool).count <= 1)
    }
}

@Suite("Telling of ejections")
struct EjectionLogTests {
    @Test("each is told once, in order, and never more of them than there is room for")
    func entries() {
        let log = EjectionLog()
        let entry = EjectionLog.Entry(
            service: "data", instance: .unix(path: "/a"), reason: .faults(5), seconds: 10)
        log.add(entry)
        #expect(log.take() == [entry])
        #expect(log.take() == [])
        for _ in 0..<1000 { log.add(entry) }
        #expect(log.take().count == 256)
    }
}
