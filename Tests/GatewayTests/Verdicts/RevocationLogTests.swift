import Testing

@testable import Gateway

@Suite("What is said of the stream of revocations")
struct RevocationLogTests {
    @Test("that it is lost is said once for all loops, that it is back when all have it")
    func once() {
        var state = RevocationLog.State()
        #expect(state.lose(isFirst: true, now: 0) == true)
        #expect(state.lose(isFirst: true, now: 0) == false)
        #expect(state.lose(isFirst: false, now: 60 * second) == false)
        #expect(state.recover() == false)
        #expect(state.recover() == true)
    }

    @Test("one that comes and goes is told of once in ten seconds, and one that stays away always")
    func flapping() {
        var state = RevocationLog.State()
        #expect(state.lose(isFirst: true, now: 0) == true)
        #expect(state.recover() == true)
        #expect(state.lose(isFirst: true, now: 2 * second) == false)
        #expect(state.recover() == false)
        #expect(state.lose(isFirst: true, now: 4 * second) == false)
        #expect(state.lose(isFirst: false, now: 9 * second) == false)
        #expect(state.lose(isFirst: false, now: 10 * second) == true)
        #expect(state.recover() == true)
    }
}
