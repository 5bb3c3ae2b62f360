import CLinux
import CPassword
import Glibc
import Synchronization

/// Threads for work that takes tens of milliseconds of CPU: hashing. They stand outside Swift's cooperative pool and
/// the event loops, fewer than the cores and of lower priority, so that a flood of logins cannot hold up a
/// verification; what their bounded queue cannot take is refused at once.
final class HashingPool: Sendable {
    /// Why work was not done.
    enum Refusal: Error, Equatable {
        /// As many jobs wait as may, in all or of that client's network.
        case busy
        /// The pool has been shut down.
        case stopped
        /// The task that asked was cancelled before its turn came.
        case cancelled
        /// The job's deadline passed before its turn came.
        case late
    }

    /// One less than the cores, one at least.
    static var defaultWorkers: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1) }

    private let core: HashingPoolCore

    /// - Parameters:
    ///   - workers: threads; all are started here.
    ///   - queue: how many jobs may wait for a thread, beside those that run.
    ///   - queuePerNetwork: how many of them may be of one client's network.
    ///   - name: of the threads, for ps(1) and debuggers.
    ///   - niceness: of the threads (setpriority(2)).
    /// - Throws: the errno of pthread_create(3).
    init(
        workers: Int = HashingPool.defaultWorkers, queue: Int, queuePerNetwork: Int = .max, name: String = "hash",
        niceness: Int32 = 5
    ) throws(WorkerThread.Failure) {
        core = HashingPoolCore(HashingQueue(capacity: queue, capacityPerNetwork: queuePerNetwork), niceness: niceness)
        for number in 0..<max(1, workers) {
            do {
                try WorkerThread.start(named: "\(name)-\(number)") { [core] in core.work() }
            } catch {
                core.shutDown()
                throw error
            }
        }
    }

    deinit { core.shutDown() }

    /// Runs `work` on one of the threads and returns what it gives, or a refusal without having begun it.
    func run<Value: Sendable>(
        _ ticket: HashingTicket = HashingTicket(), _ work: @escaping @Sendable () -> Value
    ) async throws(Refusal) -> Value {
        let id = core.newID()
        let result: Result<Value, Refusal> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                core.submit(
                    HashingJob(
                        run: { continuation.resume(returning: .success(work())) },
                        refuse: { continuation.resume(returning: .failure($0)) }),
                    id: id, ticket, isCancelled: Task.isCancelled)
            }
        } onCancel: {
            core.cancel(id: id)
        }
        return try result.get()
    }

    /// Has `work` done on one of the threads when they have nothing else to do, or not at all where too much of its kind
    /// waits already.
    func runInBackground(account: String, _ work: @escaping @Sendable () -> Void) {
        core.submit(
            HashingJob(run: work, refuse: { _ in }), id: core.newID(),
            HashingTicket(account: account, isBackground: true), isCancelled: false)
    }

    /// Takes no more work and refuses what waits; jobs under way are finished, then the threads end. Does not wait.
    func shutDown() { core.shutDown() }
}

private struct HashingJob: Sendable {
    let run: @Sendable () -> Void
    let refuse: @Sendable (HashingPool.Refusal) -> Void
}

/// What the pool and its threads have in common; it lives as long as the last of them.
private final class HashingPoolCore: Sendable {
    private let queue: Mutex<HashingQueue<HashingJob>>
    private let ids = Atomic<UInt64>(0)
    private let wakeup = postern_eventfd()
    private let niceness: Int32

    init(_ queue: sending HashingQueue<HashingJob>, niceness: Int32) {
        self.niceness = niceness
        self.queue = Mutex(queue)
    }

    deinit { close(wakeup) }

    func newID() -> UInt64 { ids.add(1, ordering: .relaxed).newValue }

    func submit(_ job: HashingJob, id: UInt64, _ ticket: HashingTicket, isCancelled: Bool) {
        guard !isCancelled else { return job.refuse(.cancelled) }
        switch queue.withLock({ $0.submit(job, id: id, ticket) }) {
        case .accepted: _ = postern_eventfd_signal(wakeup)
        case .full: job.refuse(.busy)
        case .stopped: job.refuse(.stopped)
        }
    }

    func cancel(id: UInt64) {
        queue.withLock { $0.cancel(id: id) }?.refuse(.cancelled)
    }

    func shutDown() {
        for job in queue.withLock({ $0.stop() }) { job.refuse(.stopped) }
        _ = postern_eventfd_signal(wakeup)
    }

    /// A worker's life.
    func work() {
        if niceness > 0 { postern_password_step_back(niceness) }
        while true {
            switch queue.withLock({ $0.next(now: postern_monotonic_ns()) }) {
            case .run(let job, let id, let more):
                if more { _ = postern_eventfd_signal(wakeup) }
                job.run()
                queue.withLock { $0.finish(id: id) }
            case .late(let job): job.refuse(.late)
            case .wait:
                var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&descriptor, 1, -1)
                _ = postern_eventfd_drain(wakeup)
            case .stop:
                // The descriptor stays readable for the other workers.
                _ = postern_eventfd_signal(wakeup)
                return
            }
        }
    }
}
