import Testing

@testable import Shared

@Suite("LoopMailbox, LoopThread, LoopBound")
struct LoopMailboxTests {
    @Test("work from many threads all runs, on the loop, in each sender's order")
    func manySenders() throws {
        let seen = Locked<[Int: [Int]]>([:])
        let receiver = try LoopThread(name: "receiver") { _ in }
        let mailbox = receiver.mailbox
        let perSender = 2000
        let senders = try (0..<4).map { sender in
            try LoopThread(name: "sender") { loop in
                for number in 0..<perSender {
                    mailbox.execute { _ in seen.change { $0[sender, default: []].append(number) } }
                }
                loop.stop()
            }
        }
        for sender in senders { sender.join() }
        receiver.stop()
        receiver.join()
        #expect(seen.value.count == 4)
        for numbers in seen.value.values { #expect(numbers == Array(0..<perSender)) }
    }

    @Test("a message wakes a loop that waits without end")
    func wakes() throws {
        let loop = try makeLoop()
        let waiting = Locked(0)
        let mailbox = loop.mailbox
        let sender = try LoopThread(name: "sender") { other in
            mailbox.execute { _ in waiting.change { $0 += 1 } }
            other.stop()
        }
        while waiting.value == 0 { loop.turn() }
        sender.join()
    }

    @Test("work sent by work runs in a later turn")
    func nested() throws {
        let loop = try makeLoop()
        let turns = Locked<[UInt64]>([])
        loop.mailbox.execute { loop in
            turns.change { $0.append(loop.turns) }
            loop.mailbox.execute { loop in turns.change { $0.append(loop.turns) } }
        }
        #expect(loop.turn { turns.value.count == 2 })
        let seen = turns.value
        #expect(seen[1] > seen[0])
    }

    @Test("work for a loop that has ended is refused")
    func ended() throws {
        let thread = try LoopThread(name: "short-lived") { _ in }
        thread.stop()
        thread.join()
        #expect(!thread.mailbox.execute { _ in Issue.record("ran on a loop that had ended") })
    }

    @Test("what was waiting when the loop ended is dropped, not run")
    func waitingAtTheEnd() throws {
        let thread = try LoopThread(name: "ending") { loop in
            loop.mailbox.execute { loop in
                loop.stop()
                loop.mailbox.execute { _ in Issue.record("ran after the last turn") }
            }
        }
        thread.join()
    }

    @Test("a loop-bound value is opened on its loop")
    func bound() throws {
        let loop = try makeLoop()
        let bound = LoopBound([1, 2, 3], loop: loop)
        let sum = Locked(0)
        #expect(bound.execute { value, _ in sum.change { $0 = value.reduce(0, +) } })
        #expect(loop.turn { sum.value == 6 })
    }
}

/// A value that several threads of a test share.
final class Locked<Value: Sendable>: Sendable {
    private let guarded: Guarded<Value>

    init(_ value: Value) { guarded = Guarded(value) }

    var value: Value { guarded.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) { guarded.withLock(body) }
}
