import GRDB
import Synchronization

/// The records, in one SQLite file that several processes share. Reads never block an event loop: what was asked
/// before and has not changed is answered at once, everything else by a pool of threads.
///
/// A store that fails is opened again by the reads that follow, so the process lives through a full disk, a lock, a
/// file that was replaced, and needs no restart. Errors are returned, never logged.
final class DataStore: Sendable {
    /// Rows that are read in one go, in one transaction.
    static let sliceCount: Int64 = 256
    /// Bytes of a list that are gathered before it leaves; longer lists leave in pieces.
    static let gatheredBytes = 64 * 1024
    /// Reads that may be under way or waiting at once; more are refused.
    static let readLimit = 512

    let path: String
    private let busyTimeout: Duration
    private let current: Mutex<StoreConnection?>
    private let reopener: StoreReopener
    private let readCount = Mutex(0)

    /// Opens the store, and creates, migrates and seeds it where that is still to do. Blocks: for start-up only.
    ///
    /// - Parameters:
    ///   - busyTimeout: how long a read waits for another process's lock.
    ///   - now: the clock that spaces attempts to open a failed store again.
    init(
        path: String, seed: StoreSeed, busyTimeout: Duration = .seconds(2),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(StoreError) {
        self.path = path
        reopener = StoreReopener(now: now)
        self.busyTimeout = busyTimeout
        current = Mutex(try StoreConnection.opening(creating: path, seed: seed, busyTimeout: busyTimeout))
    }

    /// The answer to a query that was asked before, unless the store has changed since: microseconds, no waiting, fit
    /// for an event loop.
    func keptAnswer(to query: RecordQuery) -> StoredAnswer? {
        guard let connection = usable(), let version = connection.version() else { return nil }
        return connection.keptAnswer(to: query, version: version)
    }

    /// Reads the answer from the store, and keeps it.
    func answer(to query: RecordQuery) async throws(StoreError) -> StoredAnswer {
        let connection = usable()
        let version = connection?.version()
        let answer = try await read(query)
        // Versions of two connections say nothing about each other.
        if case .long = answer { return answer }
        if let version, let connection, connection === usable() {
            connection.keep(answer, to: query, version: version)
        }
        return answer
    }

    private func read(_ query: RecordQuery) async throws(StoreError) -> StoredAnswer {
        switch query {
        case .user(let id):
            let object = try await read { try RecordQuery.user(id, in: $0) }
            return object.map { .found($0) } ?? .absent
        case .list(let list):
            var slices = RecordSlices(of: list, in: self)
            guard var array = try await slices.next() else { return .absent }
            while !slices.isAtEnd {
                // Too long to be gathered: what follows is read while it leaves.
                guard array.count < Self.gatheredBytes else { return .long(array, rest: slices) }
                if let more = try await slices.next() { array += more }
            }
            return .found(array)
        }
    }

    /// Asks for one row, past everything that is kept: is the store there?
    func probe() async throws(StoreError) {
        _ = try await read { try Int.fetchOne($0, sql: "SELECT 1 FROM users LIMIT 1") }
    }

    /// Runs `body` in a read transaction on a thread of the pool.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let admitted = readCount.withLock { count in
            guard count < Self.readLimit else { return false }
            count += 1
            return true
        }
        guard admitted else { throw StoreError(.overloaded, path: path, cause: "\(Self.readLimit) at once") }
        defer { readCount.withLock { $0 -= 1 } }
        let connection = try await connection()
        do {
            return try await connection.pool.read(body)
        } catch {
            let failure = StoreError(error, path: path)
            if failure.spoilsConnection { discard(connection) }
            throw failure
        }
    }
}

// MARK: The open file

extension DataStore {
    private func usable() -> StoreConnection? {
        guard let connection = current.withLock({ $0 }), connection.isCurrent(at: path) else { return nil }
        return connection
    }

    private func connection() async throws(StoreError) -> StoreConnection {
        if let connection = usable() { return connection }
        return try await reopener.connection {
            self.usable()
        } opening: { () throws(StoreError) in
            self.current.withLock { $0 = nil }
            let connection = try StoreConnection.opening(existing: self.path, busyTimeout: self.busyTimeout)
            self.current.withLock { $0 = connection }
            return connection
        }
    }

    private func discard(_ spoiled: StoreConnection) {
        current.withLock { connection in
            if connection === spoiled { connection = nil }
        }
    }
}
