import CLinux
import Shared
import Synchronization

/// Brings what is revoked in the store, by whatever program, to this process's `LiveRevocations`.
final class RevocationFeed: Sendable {
    private let store: AccountStore
    private let live: LiveRevocations
    private let watch: StoreWatch
    private let last: Mutex<Int64>
    private let report: @Sendable (AccountStoreError) -> Void

    /// - Parameters:
    ///   - last: the highest number of the revocations that `live` has already.
    ///   - report: is told when the store cannot be read. Nothing is lost by that: the next change brings it.
    init(
        store: AccountStore, live: LiveRevocations, last: Int64,
        report: @escaping @Sendable (AccountStoreError) -> Void
    ) throws(StoreWatch.Failure) {
        self.store = store
        self.live = live
        self.last = Mutex(last)
        self.report = report
        watch = try StoreWatch(path: store.path)
    }

    /// Starts the thread that watches.
    func start() throws(WorkerThread.Failure) {
        try WorkerThread.start(named: "revocations") { [self] in
            watch.run(changed: { take() }, beat: { _ = live.beat() })
        }
    }

    func stop() { watch.stop() }

    private func take() {
        let now = postern_realtime_s()
        last.withLock { last in
            do throws(AccountStoreError) {
                let found = try store.revocations(after: last, now: now)
                last = found.last
                if !found.new.isEmpty { live.add(found.new, now: now) }
            } catch {
                report(error)
            }
        }
    }
}
