import Testing

@testable import Gateway

@Suite("Pauses between attempts at the stream of revocations")
struct ReconnectPauseTests {
    @Test("they grow from 50 ms to a second, half of each by chance, and begin again after success")
    func growth() {
        var (short, long) = (ReconnectPause(), ReconnectPause())
        for due: UInt64 in [50, 100, 200, 400, 800, 1000, 1000, 1000] {
            #expect(short.next(chance: 0) == due * millisecond / 2)
            #expect(long.next(chance: due * millisecond / 2) == due * millisecond)
        }
        for _ in 0..<100 { _ = short.next(chance: .max) }
        #expect((500 * millisecond...second).contains(short.next(chance: .max)))
        short.reset()
        #expect(short.next(chance: 0) == 25 * millisecond)
    }
}
