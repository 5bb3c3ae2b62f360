import Shared
import Synchronization
import Testing

@testable import Gateway

@Suite("Places at a service")
struct ServiceLoadTests {
    /// Notes whose turn has come.
    private final class Turns: Sendable {
        let log = Mutex<[Int]>([])
        func turn(_ number: Int, isThere: Bool = true) -> () -> ServiceLoad.Turn {
            {
                {
                    self.log.withLock { $0.append(number) }
                    return isThere
                }
            }
        }
        var all: [Int] { log.withLock { $0 } }
    }

    @Test("so many have a place, so many wait, the rest is told at once; places go to who has waited longest")
    func order() {
        let load = ServiceLoad(limit: 2)
        let turns = Turns()
        #expect(load.enter(pending: 2, turn: turns.turn(1)) == .entered)
        #expect(load.enter(pending: 2, turn: turns.turn(2)) == .entered)
        #expect(load.enter(pending: 2, turn: turns.turn(3)) == .waits(1))
        #expect(load.enter(pending: 2, turn: turns.turn(4)) == .waits(2))
        #expect(load.enter(pending: 2, turn: turns.turn(5)) == .full)
        #expect(load.inFlight == 2 && load.pending == 2)
        load.leave()
        #expect(turns.all == [3])
        // Who comes now does not overtake the one who waits.
        #expect(load.enter(pending: 2, turn: turns.turn(6)) == .waits(3))
        load.leave()
        load.leave()
        #expect(turns.all == [3, 4, 6])
        load.leave()
        load.leave()
        #expect(load.inFlight == 0 && load.pending == 0)
    }

    @Test("who gives up frees its place in the queue; who is gone when its turn comes gives it to the next")
    func leaving() {
        let load = ServiceLoad(limit: 1)
        let turns = Turns()
        #expect(load.enter(pending: 3, turn: turns.turn(1)) == .entered)
        #expect(load.enter(pending: 3, turn: turns.turn(2)) == .waits(1))
        #expect(load.enter(pending: 3, turn: turns.turn(3, isThere: false)) == .waits(2))
        #expect(load.enter(pending: 3, turn: turns.turn(4)) == .waits(3))
        #expect(load.enter(pending: 3, turn: turns.turn(5)) == .full)
        #expect(load.giveUp(1))
        #expect(!load.giveUp(1))
        #expect(load.enter(pending: 3, turn: turns.turn(6)) == .waits(4))
        load.leave()
        #expect(turns.all == [3, 4])
        #expect(!load.giveUp(3), "it has its place")
        #expect(load.giveUp(4))
        load.leave()
        #expect(load.inFlight == 0 && load.pending == 0)
        #expect(load.enter(pending: 3, turn: turns.turn(7)) == .entered)
    }

    @Test("another limit lets in who waits, and takes nobody's place")
    func limit() {
        let load = ServiceLoad(limit: 1)
        let turns = Turns()
        for number in 1...4 { _ = load.enter(pending: 10, turn: turns.turn(number)) }
        load.setLimit(3)
        #expect(turns.all == [2, 3])
        load.setLimit(1)
        load.leave()
        load.leave()
        #expect(turns.all == [2, 3])
        load.leave()
        #expect(turns.all == [2, 3, 4])
        load.setLimit(0)
        for number in 5...9 { #expect(load.enter(pending: 0, turn: turns.turn(number)) == .entered) }
    }

    @Test("several threads have no more places together than there are, and none is lost")
    func threads() throws {
        let load = ServiceLoad(limit: 3)
        let most = Atomic(0)
        let inside = Atomic(0)
        let rounds = 3000
        let done = Atomic(0)
        let work: @Sendable () -> Void = {
            let count = inside.add(1, ordering: .sequentiallyConsistent).newValue
            most.max(count, ordering: .relaxed)
            inside.subtract(1, ordering: .sequentiallyConsistent)
            done.add(1, ordering: .relaxed)
        }
        var threads: [LoopThread] = []
        for index in 0..<4 {
            threads.append(
                try LoopThread(name: "load-\(index)") { loop in
                    let mailbox = loop.mailbox
                    for _ in 0..<rounds {
                        let entry = load.enter(pending: .max) {
                            {
                                mailbox.execute { _ in
                                    work()
                                    load.leave()
                                }
                            }
                        }
                        guard entry == .entered else { continue }
                        work()
                        load.leave()
                    }
                })
        }
        let end = ContinuousClock.now + .seconds(60)
        while done.load(ordering: .relaxed) < 4 * rounds, ContinuousClock.now < end {}
        for thread in threads {
            thread.stop()
            thread.join()
        }
        #expect(done.load(ordering: .relaxed) == 4 * rounds)
        #expect(most.load(ordering: .relaxed) <= 3)
        #expect(load.inFlight == 0 && load.pending == 0)
    }
}
