/// Whose job it is, for its place in the queue.
struct HashingTicket: Sendable, Equatable {
    /// Jobs about one account are done one after another, so that each knows how the one before it ended.
    var account: String?
    /// Who asks: one client's network may have only so many jobs waiting.
    var network: ClientNetwork?
    /// From when on nobody waits for the result, in nanoseconds of a clock that only goes forward.
    var deadline = UInt64.max
    /// Nobody waits: done when nothing else is to be done.
    var isBackground = false
}

/// The jobs that wait for a worker: a bounded queue that ends once. One method an event; a thread in front of it does
/// what is returned.
struct HashingQueue<Job: Sendable>: Sendable {
    enum Submission: Equatable {
        case accepted
        case full
        case stopped
    }

    enum Turn: Sendable {
        /// To be followed by `finish`. `more`: another worker may as well wake.
        case run(Job, id: UInt64, more: Bool)
        /// Its deadline has passed; it is not to be run.
        case late(Job)
        case wait
        case stop
    }

    /// How many jobs may wait that somebody waits for, in all and of one client's network.
    let capacity: Int
    let capacityPerNetwork: Int
    /// How many of those that nobody waits for may.
    static var backgroundCapacity: Int { 16 }

    private struct Entry: Sendable {
        let id: UInt64
        let job: Job
        let ticket: HashingTicket
    }

    private var waiting: [Entry] = []
    private var background: [Entry] = []
    private var networks: [ClientNetwork: Int] = [:]
    /// The accounts of jobs under way, by the jobs' numbers.
    private var running: [UInt64: String] = [:]
    private var isStopped = false

    init(capacity: Int, capacityPerNetwork: Int = .max) {
        self.capacity = capacity
        self.capacityPerNetwork = capacityPerNetwork
    }

    mutating func submit(_ job: Job, id: UInt64, _ ticket: HashingTicket = HashingTicket()) -> Submission {
        guard !isStopped else { return .stopped }
        let entry = Entry(id: id, job: job, ticket: ticket)
        if ticket.isBackground {
            guard background.count < Self.backgroundCapacity else { return .full }
            background.append(entry)
            return .accepted
        }
        guard waiting.count < capacity else { return .full }
        if let network = ticket.network {
            guard networks[network, default: 0] < capacityPerNetwork else { return .full }
            networks[network, default: 0] += 1
        }
        waiting.append(entry)
        return .accepted
    }

    /// A worker asks for something to do: the oldest job first, of those whose account no other worker is busy with.
    mutating func next(now: UInt64 = 0) -> Turn {
        guard !isStopped else { return .stop }
        if let index = waiting.firstIndex(where: { $0.ticket.deadline <= now || isFree($0) }) {
            let entry = remove(at: index)
            return entry.ticket.deadline <= now ? .late(entry.job) : begin(entry)
        }
        guard let index = background.firstIndex(where: isFree) else { return .wait }
        return begin(background.remove(at: index))
    }

    /// A job that was to be run is done.
    mutating func finish(id: UInt64) {
        running[id] = nil
    }

    /// Takes back a job that nobody waits for any more; nil when it runs already or is done.
    mutating func cancel(id: UInt64) -> Job? {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        return remove(at: index).job
    }

    /// Ends the queue; returns the jobs that will not run.
    mutating func stop() -> [Job] {
        isStopped = true
        let rest = (waiting + background).map(\.job)
        waiting = []
        background = []
        networks = [:]
        return rest
    }

    private func isFree(_ entry: Entry) -> Bool {
        guard let account = entry.ticket.account else { return true }
        return !running.values.contains(account)
    }

    private mutating func begin(_ entry: Entry) -> Turn {
        running[entry.id] = entry.ticket.account
        return .run(entry.job, id: entry.id, more: !waiting.isEmpty || !background.isEmpty)
    }

    private mutating func remove(at index: Int) -> Entry {
        let entry = waiting.remove(at: index)
        if let network = entry.ticket.network, let count = networks[network] {
            networks[network] = count > 1 ? count - 1 : nil
        }
        return entry
    }
}
