import Testing

@testable import AuthService

@Suite("Hashing queue")
struct HashingQueueTests {
    private func job(_ turn: HashingQueue<String>.Turn) -> String? {
        if case .run(let job, _, _) = turn { job } else { nil }
    }

    @Test("the oldest job is next, and who takes it learns whether there is more")
    func order() {
        var queue = HashingQueue<String>(capacity: 2)
        guard case .wait = queue.next() else {
            Issue.record("an empty queue gives work")
            return
        }
        #expect(queue.submit("a", id: 1) == .accepted)
        #expect(queue.submit("b", id: 2) == .accepted)
        guard case .run("a", id: 1, more: true) = queue.next(), case .run("b", id: 2, more: false) = queue.next() else {
            Issue.record("the order is another")
            return
        }
    }

    @Test("beyond its capacity it is full, and no longer so once a job was taken")
    func capacity() {
        var queue = HashingQueue<String>(capacity: 1)
        #expect(queue.submit("a", id: 1) == .accepted)
        #expect(queue.submit("b", id: 2) == .full)
        #expect(job(queue.next()) == "a")
        #expect(queue.submit("c", id: 3) == .accepted)
    }

    @Test("a cancelled job is given back once and never run")
    func cancellation() {
        var queue = HashingQueue<String>(capacity: 3)
        _ = (queue.submit("a", id: 1), queue.submit("b", id: 2))
        #expect(queue.cancel(id: 1) == "a")
        #expect(queue.cancel(id: 1) == nil)
        #expect(job(queue.next()) == "b")
        #expect(queue.cancel(id: 2) == nil)
    }

    @Test("a stopped queue gives back what waits and takes nothing more")
    func stop() {
        var queue = HashingQueue<String>(capacity: 3)
        _ = (queue.submit("a", id: 1), queue.submit("b", id: 2))
        #expect(queue.stop() == ["a", "b"])
        #expect(queue.submit("c", id: 3) == .stopped)
        guard case .stop = queue.next() else {
            Issue.record("a stopped queue goes on")
            return
        }
        #expect(queue.stop() == [])
    }

    @Test("one client's network may have only so many waiting, and those of others wait beside them")
    func networks() {
        var queue = HashingQueue<String>(capacity: 4, capacityPerNetwork: 2)
        let ticket = { (byte: UInt8) in HashingTicket(network: ClientNetwork(bytes: [byte])) }
        #expect(queue.submit("a", id: 1, ticket(1)) == .accepted)
        #expect(queue.submit("b", id: 2, ticket(1)) == .accepted)
        #expect(queue.submit("c", id: 3, ticket(1)) == .full)
        #expect(queue.submit("d", id: 4, ticket(2)) == .accepted)
        // Whoever has no address is bound by the whole alone.
        #expect(queue.submit("e", id: 5) == .accepted)
        #expect(queue.submit("f", id: 6) == .full)
        #expect(job(queue.next()) == "a")
        #expect(queue.cancel(id: 2) == "b")
        for id in 7...8 { #expect(queue.submit("g", id: UInt64(id), ticket(1)) == .accepted) }
        #expect(queue.submit("h", id: 9, ticket(1)) == .full)
    }

    @Test("jobs about one account run one after another, and others pass them")
    func accounts() {
        var queue = HashingQueue<String>(capacity: 8)
        for (id, account) in ["bob", "bob", "eve", "bob"].enumerated() {
            #expect(queue.submit("\(account)\(id)", id: UInt64(id), HashingTicket(account: account)) == .accepted)
        }
        #expect(job(queue.next()) == "bob0")
        #expect(job(queue.next()) == "eve2")
        guard case .wait = queue.next() else {
            Issue.record("two jobs about one account run")
            return
        }
        queue.finish(id: 2)
        guard case .wait = queue.next() else {
            Issue.record("the end of another job lets it run")
            return
        }
        queue.finish(id: 0)
        #expect(job(queue.next()) == "bob1")
        queue.finish(id: 1)
        #expect(job(queue.next()) == "bob3")
    }

    @Test("a job that nobody waits for any more is given back, whoever is busy with its account")
    func late() {
        var queue = HashingQueue<String>(capacity: 8)
        _ = queue.submit("a", id: 1, HashingTicket(account: "bob"))
        _ = queue.submit("b", id: 2, HashingTicket(account: "bob", deadline: 100))
        _ = queue.submit("c", id: 3, HashingTicket(account: "eve", deadline: 101))
        #expect(job(queue.next(now: 0)) == "a")
        guard case .late("b") = queue.next(now: 100) else {
            Issue.record("it is run, or kept")
            return
        }
        #expect(job(queue.next(now: 100)) == "c")
    }

    @Test("what nobody waits for is done when nothing else is to be done, and is bounded by itself")
    func background() {
        var queue = HashingQueue<String>(capacity: 1)
        let ticket = HashingTicket(isBackground: true)
        for id in 0..<HashingQueue<String>.backgroundCapacity {
            #expect(queue.submit("later", id: UInt64(id), ticket) == .accepted)
        }
        #expect(queue.submit("too much", id: 98, ticket) == .full)
        #expect(queue.submit("now", id: 99) == .accepted)
        #expect(job(queue.next()) == "now")
        #expect(job(queue.next()) == "later")
        #expect(queue.stop().count == HashingQueue<String>.backgroundCapacity - 1)
    }
}
