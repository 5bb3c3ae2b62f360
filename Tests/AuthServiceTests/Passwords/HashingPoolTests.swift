import CLinux
import Glibc
import Synchronization
import Testing

@testable import AuthService

/// Holds a worker until it is opened. Only the worker blocks: who waits for it to arrive is a task like any other.
private final class Gate: Sendable {
    private let opened = postern_eventfd()
    private let arrivals = AsyncStream<Void>.makeStream()

    deinit { close(opened) }

    func open() { _ = postern_eventfd_signal(opened) }

    /// Called on a worker.
    func pass() {
        arrivals.continuation.yield()
        var entry = pollfd(fd: opened, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&entry, 1, -1)
    }

    func waitUntilReached() async {
        var iterator = arrivals.stream.makeAsyncIterator()
        _ = await iterator.next()
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}

@Suite("Hashing pool")
struct HashingPoolTests {
    private func refusal<Value: Sendable>(
        of pool: HashingPool, _ work: @escaping @Sendable () -> Value
    ) async -> HashingPool.Refusal? {
        do throws(HashingPool.Refusal) {
            _ = try await pool.run { work() }
            return nil
        } catch {
            return error
        }
    }

    @Test("every job runs once and its value comes back")
    func values() async throws {
        let pool = try HashingPool(workers: 3, queue: 200)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 { group.addTask { try await pool.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 20100)
    }

    @Test("work runs on threads of lower priority")
    func priority() async throws {
        let pool = try HashingPool(workers: 1, queue: 1)
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let workers = try await pool.run { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        #expect(workers == min(own + 5, 19))
    }

    @Test("beyond its queue it refuses at once, and what waits is done all the same")
    func busy() async throws {
        let pool = try HashingPool(workers: 1, queue: 1)
        let gate = Gate()
        async let running: Void = pool.run { gate.pass() }
        await gate.waitUntilReached()
        // Of three more one waits; the others are refused while the worker is still held.
        await withTaskGroup(of: HashingPool.Refusal?.self) { group in
            for _ in 0..<3 { group.addTask { await refusal(of: pool) {} } }
            #expect(await group.next() == .busy)
            #expect(await group.next() == .busy)
            gate.open()
            #expect(await group.next() == .some(nil))
        }
        _ = try await running
    }

    @Test("a job whose task is cancelled while it waits is never run")
    func cancellation() async throws {
        let pool = try HashingPool(workers: 1, queue: 4)
        let gate = Gate()
        async let running: Void = pool.run { gate.pass() }
        await gate.waitUntilReached()
        let ran = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { #expect(await refusal(of: pool) { ran.set() } == .cancelled) }
            group.cancelAll()
            await group.waitForAll()
        }
        gate.open()
        _ = try await running
        _ = try await pool.run {}
        #expect(!ran.isSet)
    }

    @Test("a pool that is shut down refuses what waits and what comes, and finishes what runs")
    func shutDown() async throws {
        let pool = try HashingPool(workers: 1, queue: 4)
        let gate = Gate()
        async let running = pool.run {
            gate.pass()
            return 7
        }
        await gate.waitUntilReached()
        async let waiting = refusal(of: pool) {}
        pool.shutDown()
        #expect(await refusal(of: pool) {} == .stopped)
        #expect(await waiting == .stopped)
        gate.open()
        #expect(try await running == 7)
    }

    @Test("there is one worker at least, and one core is left to others")
    func defaultWorkers() {
        #expect(HashingPool.defaultWorkers >= 1)
        #expect(HashingPool.defaultWorkers < max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}
