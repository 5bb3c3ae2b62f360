import Synchronization
import Testing

@testable import AuthService

@Suite("Log of failing logins")
struct LoginFaultLogTests {
    private final class Recorder: Sendable {
        let time = Mutex<UInt64>(5)
        let events = Mutex<[LoginFaultLog.Event]>([])
    }

    @Test("a flood is one line in ten seconds, with the number of the others")
    func flood() {
        let recorder = Recorder()
        let log = LoginFaultLog(
            now: { recorder.time.withLock { $0 } }, log: { event in recorder.events.withLock { $0.append(event) } })
        for _ in 0..<5 { log.record(.busy) }
        recorder.time.withLock { $0 += 10_000_000_000 }
        log.record(.signing)
        log.record(.busy)
        recorder.time.withLock { $0 += 10_000_000_000 }
        log.record(.busy)
        #expect(
            recorder.events.withLock { $0 } == [
                .init(fault: .busy, unlogged: 0), .init(fault: .signing, unlogged: 4), .init(fault: .busy, unlogged: 1),
            ])
    }
}
