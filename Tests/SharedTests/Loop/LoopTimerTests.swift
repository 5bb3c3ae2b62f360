import Testing

@testable import Shared

@Suite("LoopTimer")
struct LoopTimerTests {
    @Test("timers ring in the order of their deadlines")
    func order() throws {
        let loop = try makeLoop()
        var rung: [Int] = []
        let timers = (0..<5).map { number in LoopTimer(loop: loop) { rung.append(number) } }
        for (timer, delay) in zip(timers, [30, 10, 50, 20, 40] as [UInt64]) { timer.set(after: delay * second) }
        loop.advance(by: 25 * second)
        #expect(rung == [1, 3])
        loop.advance(by: 100 * second)
        #expect(rung == [1, 3, 0, 4, 2])
        #expect(loop.timers.count == 0)
    }

    @Test("a timer moved later rings once, at the later time; moved earlier, at the earlier one")
    func moved() throws {
        let loop = try makeLoop()
        var rung = 0
        let timer = LoopTimer(loop: loop) { rung += 1 }
        timer.set(after: 10 * second)
        timer.set(after: 60 * second)
        loop.advance(by: 30 * second)
        #expect(rung == 0)
        timer.set(after: 5 * second)
        loop.advance(by: 6 * second)
        #expect(rung == 1)
        loop.advance(by: 600 * second)
        #expect(rung == 1)
    }

    @Test("a cancelled timer does not ring until it is set again")
    func cancelled() throws {
        let loop = try makeLoop()
        var rung = 0
        let timer = LoopTimer(loop: loop) { rung += 1 }
        timer.set(after: second)
        timer.cancel()
        loop.advance(by: 2 * second)
        #expect(rung == 0)
        timer.set(after: second)
        loop.advance(by: 2 * second)
        #expect(rung == 1)
    }

    @Test("an invalidated timer leaves the heap, also from within another one's ring")
    func invalidated() throws {
        let loop = try makeLoop()
        var rung: [String] = []
        let second1 = LoopTimer(loop: loop) { rung.append("second") }
        let first = LoopTimer(loop: loop) {
            rung.append("first")
            second1.invalidate()
        }
        first.set(after: second)
        second1.set(after: second)
        loop.advance(by: 2 * second)
        #expect(rung == ["first"])
        #expect(loop.timers.count == 0)
        first.invalidate()
    }

    @Test("a delay too long for the clock never rings")
    func endless() throws {
        let loop = try makeLoop()
        var rung = 0
        let timer = LoopTimer(loop: loop) { rung += 1 }
        timer.set(after: .max)
        loop.advance(by: 1000 * second)
        timer.set(after: .max - 1)
        loop.advance(by: 1000 * second)
        #expect(rung == 0)
        timer.invalidate()
    }

    @Test("many timers, moved about at random, ring exactly when a list of them says")
    func model() throws {
        let loop = try makeLoop()
        var random = SeededGenerator(seed: 7)
        var rung: Set<Int> = []
        let timers = (0..<200).map { number in LoopTimer(loop: loop) { rung.insert(number) } }
        var expected = [UInt64](repeating: LoopTimer.never, count: timers.count)
        for _ in 0..<300 {
            for _ in 0..<20 {
                let number = Int.random(in: 0..<timers.count, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0:
                    timers[number].cancel()
                    expected[number] = LoopTimer.never
                case 1:
                    timers[number].invalidate()
                    expected[number] = LoopTimer.never
                default:
                    expected[number] = loop.now + UInt64.random(in: 1...100, using: &random) * second
                    timers[number].set(expected[number])
                }
            }
            rung = []
            loop.advance(by: UInt64.random(in: 0...10, using: &random) * second)
            let due = Set(expected.indices.filter { expected[$0] <= loop.now })
            #expect(rung == due)
            for number in due { expected[number] = LoopTimer.never }
        }
    }
}
