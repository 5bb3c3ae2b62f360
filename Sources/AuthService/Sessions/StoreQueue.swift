import CLinux

/// A thread for what reads and writes the store for requests: neither the event loop nor Swift's own threads wait for the
/// disk or for another program's lock. What waits is bounded in number and in time.
struct StoreQueue: Sendable {
    /// It cannot be done now, and nothing of it was done. What the operator should know was reported.
    struct Unavailable: Error {}

    private static let capacity = 256
    /// Nanoseconds after which whoever asked has most likely gone: a token must not be used up for nobody.
    private static let patience: UInt64 = 5_000_000_000

    private let pool: HashingPool
    private let announce: @Sendable () -> Void
    private let report: @Sendable (LoginFault) -> Void

    /// - Parameters:
    ///   - announce: brings what was revoked in the store to this process; called on the thread.
    ///   - report: is told why something could not be done.
    /// - Throws: what keeps the thread from starting.
    init(
        announce: @escaping @Sendable () -> Void, report: @escaping @Sendable (LoginFault) -> Void
    ) throws(WorkerThread.Failure) {
        // One: SQLite has one writer at a time.
        pool = try HashingPool(workers: 1, queue: Self.capacity, name: "store", niceness: 0)
        self.announce = announce
        self.report = report
    }

    /// Does the work on the thread. What it revoked is in force in this process when this returns.
    func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(AccountStoreError) -> Value
    ) async throws(Unavailable) -> Value {
        let ticket = HashingTicket(deadline: postern_monotonic_ns() + Self.patience)
        let result: Result<Value, AccountStoreError>
        do throws(HashingPool.Refusal) {
            result = try await pool.run(ticket) { [announce] in
                let result = Result(catching: work)
                if case .success = result { announce() }
                return result
            }
        } catch {
            if error == .busy || error == .late { report(.storeBusy) }
            throw Unavailable()
        }
        switch result {
        case .success(let value): return value
        case .failure(let error):
            report(.store(error))
            throw Unavailable()
        }
    }

    /// Refuses what waits, for the end of the process; what is under way is finished.
    func shutDown() { pool.shutDown() }
}
