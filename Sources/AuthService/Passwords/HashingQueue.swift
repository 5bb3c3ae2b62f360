/// The jobs that wait for a worker: a bounded queue that ends once. One method an event; a thread in front of it does
/// what is returned.
struct HashingQueue<Job> {
    enum Submission: Equatable {
        case accepted
        case full
        case stopped
    }

    enum Turn {
        /// `more`: another worker may as well wake.
        case run(Job, more: Bool)
        case wait
        case stop
    }

    /// How many jobs may wait.
    let capacity: Int
    private var waiting: [(id: UInt64, job: Job)] = []
    private var isStopped = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func submit(_ job: Job, id: UInt64) -> Submission {
        guard !isStopped else { return .stopped }
        guard waiting.count < capacity else { return .full }
        waiting.append((id, job))
        return .accepted
    }

    /// A worker asks for something to do: the oldest job first.
    mutating func next() -> Turn {
        guard !isStopped else { return .stop }
        guard !waiting.isEmpty else { return .wait }
        let job = waiting.removeFirst().job
        return .run(job, more: !waiting.isEmpty)
    }

    /// Takes back a job that nobody waits for any more; nil when it runs already or is done.
    mutating func cancel(id: UInt64) -> Job? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return waiting.remove(at: index).job
    }

    /// Ends the queue; returns the jobs that will not run.
    mutating func stop() -> [Job] {
        isStopped = true
        let rest = waiting.map(\.job)
        waiting = []
        return rest
    }
}
