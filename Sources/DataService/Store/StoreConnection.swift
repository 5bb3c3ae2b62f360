import GRDB
import Synchronization

/// One store file, open: a pool of connections that read, one that only watches for changes, and the answers that
/// were given since the last change.
final class StoreConnection: Sendable {
    let pool: DatabasePool
    private let watch: DatabaseQueue
    private let identity: FileIdentity
    private let kept = Mutex(KeptAnswers())

    /// Opens a store at start-up: creates, migrates and seeds it where that is still to do, one process at a time.
    /// Blocks the thread.
    static func opening(
        creating path: String, seed: StoreSeed, busyTimeout: Duration
    ) throws(StoreError) -> StoreConnection {
        try StoreLock.holding(forStore: path) { () throws(StoreError) in
            let connection = try StoreConnection(path: path, busyTimeout: busyTimeout)
            do {
                try StoreSchema.migrator.migrate(connection.pool)
                try connection.pool.write { database in try seed.fill(database) }
            } catch {
                throw StoreError(error, path: path)
            }
            return connection
        }
    }

    /// Opens a store again that was open before. It is not created and not migrated: an empty store in the place of a
    /// lost one would answer as if all its records had been deleted.
    static func opening(existing path: String, busyTimeout: Duration) throws(StoreError) -> StoreConnection {
        guard FileIdentity(path: path) != nil else {
            throw StoreError(.missing, path: path, cause: "no such file")
        }
        let connection = try StoreConnection(path: path, busyTimeout: busyTimeout)
        let complete: Bool
        do {
            complete = try connection.pool.read { try StoreSchema.migrator.hasCompletedMigrations($0) }
        } catch {
            throw StoreError(error, path: path)
        }
        guard complete else { throw StoreError(.corrupt, path: path, cause: "tables are missing") }
        return connection
    }

    private init(path: String, busyTimeout: Duration) throws(StoreError) {
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(busyTimeout: busyTimeout))
            var watching = Configuration()
            watching.readonly = true
            watching.label = "store.watch"
            watch = try DatabaseQueue(path: path, configuration: watching)
        } catch {
            throw StoreError(error, path: path)
        }
        guard let identity = FileIdentity(path: path) else {
            throw StoreError(.missing, path: path, cause: "deleted while it was opened")
        }
        self.identity = identity
    }

    /// The last connection to close folds the log into the file; one that only reads cannot, so it goes first.
    deinit { try? watch.close() }

    private static func configuration(busyTimeout: Duration) -> Configuration {
        let milliseconds = busyTimeout / .milliseconds(1)
        var configuration = Configuration()
        configuration.label = "store"
        configuration.busyMode = .timeout(milliseconds / 1_000)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // GRDB lets readers of a pool wait ten seconds whatever busyMode says.
            try database.execute(sql: "PRAGMA busy_timeout = \(Int(milliseconds))")
        }
        return configuration
    }

    /// The path still names the file that is open here.
    func isCurrent(at path: String) -> Bool {
        FileIdentity(path: path) == identity
    }

    /// A number that changes when anyone changes the store (sqlite.org/pragma.html#pragma_data_version). It is read
    /// from memory that the store's processes share, and never waits for a lock.
    ///
    /// - Returns: nil if it cannot be told at once.
    func version() -> Int64? {
        try? watch.unsafeRead { database in
            try Int64.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
        }
    }

    func keptAnswer(to query: RecordQuery, version: Int64) -> StoredAnswer? {
        kept.withLock { $0.answer(to: query, version: version) }
    }

    func keep(_ answer: StoredAnswer, to query: RecordQuery, version: Int64) {
        kept.withLock { $0.keep(answer, to: query, version: version) }
    }
}
