import Testing

@testable import DataService

@Suite("Store log")
struct StoreLogTests {
    private let locked = StoreError(.locked, path: "/x", cause: "busy")
    private let full = StoreError(.full, path: "/x", cause: "full")

    @Test("a failure is told once, another kind again, the recovery once")
    func changes() {
        let events = EventRecorder()
        let log = StoreLog { events.append($0) }
        log.noteSuccess()
        log.note(locked)
        log.note(locked)
        log.note(full)
        log.noteSuccess()
        log.noteSuccess()
        log.note(full)
        #expect(events.all == [.failed(locked), .failed(full), .recovered, .failed(full)])
    }
}
