import Testing

@testable import AuthService

@Suite("Hashing queue")
struct HashingQueueTests {
    private func job(_ turn: HashingQueue<String>.Turn) -> String? {
        if case .run(let job, _) = turn { job } else { nil }
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
        guard case .run("a", more: true) = queue.next(), case .run("b", more: false) = queue.next() else {
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
}
