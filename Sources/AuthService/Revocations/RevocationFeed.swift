import CLinux
import Shared
import Synchronization

/// Brings what is revoked in the store, by whatever program, to this process's `LiveRevocations`.
final class RevocationFeed: Sendable {
    private let store: AccountStore
    private let live: LiveRevocations
    private let watch: StoreWatch
    private let last: Mutex<Int64>
    private let now: @Sendable () -> Int64
    private let report: @Sendable (AccountStoreError) -> Void

    /// - Parameters:
    ///   - last: the highest number of the revocations that `live` has already.
    ///   - now: seconds since 1970.
    ///   - report: is told when the store cannot be read. Nothing is lost by that: the next change brings it.
    init(
        store: AccountStore, live: LiveRevocations, last: Int64,
        now: @escaping @Sendable () -> Int64 = { postern_realtime_s() },
        report: @escaping @Sendable (AccountStoreError) -> Void
    ) throws(StoreWatch.Failure) {
        self.store = store
        self.live = live
        self.last = Mutex(last)
        self.now = now
        self.report = report
        watch = try StoreWatch(path: store.path)
    }

    /// Starts the thread that watches.
    /// - Parameter onBeat: is called once a second; must not block.
    func start(onBeat: @escaping @Sendable () -> Void = {}) throws(WorkerThread.Failure) {
        try WorkerThread.start(named: "revocations") { [self] in
            watch.run(
                changed: { take() },
                beat: {
                    _ = live.beat()
                    onBeat()
                })
        }
    }

    func stop() { watch.stop() }

    /// Takes what is new in the store now: when this returns it is in force here. Blocks on the disk.
    @Sendable func take() {
        let now = now()
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
