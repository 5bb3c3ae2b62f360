import Shared
import Synchronization

/// The exchanges with one service that are under way on all loops, where their number is limited (`limits: in_flight`), and
/// those that wait for a place. Whoever leaves gives its place to the one who has waited longest, on whichever loop.
///
/// An exchange that finds a place touches one atomic word, and another when it leaves. The lock is taken where somebody
/// waits, and nowhere else.
final class ServiceLoad: Sendable {
    enum Entry: Equatable {
        case entered
        /// Waits, under this number.
        case waits(UInt64)
        /// Nobody else may wait.
        case full
    }
    /// Tells one who waits, from whatever thread, that it has a place. False where nobody is there any more.
    typealias Turn = @Sendable () -> Bool

    private struct Queue: Sendable {
        /// In their order; one that has left has no turn. The numbers are without gaps.
        var waiting: [Turn?] = []
        /// The number of the first in `waiting`.
        var first: UInt64 = 1
        /// Those that have left it at the front.
        var passed = 0
    }

    private let limit: Atomic<Int>
    private let entered = Atomic(0)
    /// Those in the queue that have not left.
    private let waiting = Atomic(0)
    private let queue = Mutex(Queue())

    /// - Parameter limit: exchanges at once; 0 for no limit.
    init(limit: Int = 0) {
        self.limit = Atomic(limit == 0 ? .max : limit)
    }

    /// Exchanges that have a place.
    var inFlight: Int { entered.load(ordering: .relaxed) }
    /// Exchanges that wait for one.
    var pending: Int { waiting.load(ordering: .relaxed) }

    /// Another limit, after a reload. Who is over it stays.
    func setLimit(_ limit: Int) {
        self.limit.store(limit == 0 ? .max : limit, ordering: .sequentiallyConsistent)
        if waiting.load(ordering: .sequentiallyConsistent) > 0 { admit() }
    }

    /// Takes a place, or waits for one behind all who wait already.
    /// - Parameters:
    ///   - pending: how many may wait.
    ///   - turn: is called when there is a place, perhaps before this returns.
    func enter(pending: Int, turn: () -> Turn) -> Entry {
        if waiting.load(ordering: .relaxed) == 0, takePlace() { return .entered }
        guard pending > 0 else { return .full }
        let turn = turn()
        let number = queue.withLock { queue -> UInt64? in
            guard waiting.load(ordering: .relaxed) < pending else { return nil }
            queue.waiting.append(turn)
            waiting.add(1, ordering: .sequentiallyConsistent)
            return queue.first + UInt64(queue.waiting.count) - 1
        }
        guard let number else { return .full }
        // The last place may have become free just before this one was seen to wait.
        admit()
        return .waits(number)
    }

    /// Gives a place back.
    func leave() {
        entered.subtract(1, ordering: .sequentiallyConsistent)
        if waiting.load(ordering: .sequentiallyConsistent) > 0 { admit() }
    }

    /// Waits no more. False where it has been given a place meanwhile: its turn was called, or is about to be.
    func giveUp(_ number: UInt64) -> Bool {
        queue.withLock { queue in
            guard number >= queue.first + UInt64(queue.passed) else { return false }
            let index = Int(number - queue.first)
            guard index < queue.waiting.count, queue.waiting[index] != nil else { return false }
            queue.waiting[index] = nil
            waiting.subtract(1, ordering: .sequentiallyConsistent)
            // While nobody gets a place nobody else tidies up.
            skip(&queue)
            compact(&queue)
            return true
        }
    }

    private func takePlace() -> Bool {
        var count = entered.load(ordering: .sequentiallyConsistent)
        while count < limit.load(ordering: .relaxed) {
            let (exchanged, original) = entered.weakCompareExchange(
                expected: count, desired: count + 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            count = original
        }
        return false
    }

    /// Gives the places that are free to those who have waited longest.
    private func admit() {
        while true {
            let turn = queue.withLock { queue -> Turn? in
                skip(&queue)
                guard queue.passed < queue.waiting.count, takePlace() else { return nil }
                let turn = queue.waiting[queue.passed]
                queue.waiting[queue.passed] = nil
                queue.passed += 1
                waiting.subtract(1, ordering: .sequentiallyConsistent)
                compact(&queue)
                return turn
            }
            guard let turn else { return }
            if turn() { continue }
            entered.subtract(1, ordering: .sequentiallyConsistent)
        }
    }

    private func skip(_ queue: inout Queue) {
        while queue.passed < queue.waiting.count, queue.waiting[queue.passed] == nil { queue.passed += 1 }
    }

    private func compact(_ queue: inout Queue) {
        guard queue.passed == queue.waiting.count || queue.passed >= 1024 else { return }
        queue.waiting.removeFirst(queue.passed)
        queue.first += UInt64(queue.passed)
        queue.passed = 0
    }
}

/// The loads of all services, on the control side: one object a name, kept over snapshots, so that a reload forgets nobody
/// who has a place.
final class ServiceLoads: Sendable {
    private let loads = Mutex<[String: ServiceLoad]>([:])

    /// Those of the services of a new snapshot; all others are forgotten.
    func keep(_ rules: [ServiceRule]) -> [String: ServiceLoad] {
        loads.withLock { loads in
            var kept: [String: ServiceLoad] = [:]
            for rule in rules {
                let limit = rule.limits.inFlight
                kept[rule.name] = loads[rule.name] ?? ServiceLoad(limit: limit)
                kept[rule.name]?.setLimit(limit)
            }
            loads = kept
            return kept
        }
    }
}
