import Synchronization
import Testing

@testable import AuthService

@Suite("Thinned log")
struct ThinnedLogTests {
    @Test("a flood is one line in ten seconds, with the number of the others")
    func flood() {
        let time = Clock()
        let lines = Recorder<String>()
        let log = ThinnedLog<String>(
            now: { time.now.load(ordering: .relaxed) }, log: { lines.record("\($0.fact) \($0.unlogged)") })
        for _ in 0..<5 { log.record("a") }
        time.now.add(10_000_000_000, ordering: .relaxed)
        log.record("b")
        log.record("a")
        time.now.add(10_000_000_000, ordering: .relaxed)
        log.record("c")
        #expect(lines.all == ["a 0", "b 4", "c 1"])
    }

    @Test("so many lines as may be are all logged, and those that were not are told with the next one")
    func burst() {
        let time = Clock()
        let lines = Recorder<String>()
        let log = ThinnedLog<Int>(
            burst: 3, now: { time.now.load(ordering: .relaxed) }, log: { lines.record("\($0.fact) \($0.unlogged)") })
        for number in 0..<5 { log.record(number) }
        time.now.add(10_000_000_000, ordering: .relaxed)
        for number in 5..<7 { log.record(number) }
        #expect(lines.all == ["0 0", "1 0", "2 0", "5 2", "6 0"])
    }

    private final class Clock: Sendable {
        let now = Atomic<UInt64>(5)
    }
}
