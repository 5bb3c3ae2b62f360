// Unsafe code: poll(2) takes its descriptors as a pointer.
import CLinux
import Glibc
import Logging
import Shared
import Synchronization

/// Fetches the keys of issuers, on a thread and a loop of its own: the loop that verifies never waits for it.
final class IssuerKeyFetcher: Sendable {
    /// What has been done so far.
    struct Counters: Sendable {
        var fetches: UInt64 = 0
        var failures: UInt64 = 0
        /// Sets that were other ones than before.
        var changes: UInt64 = 0
    }

    private let thread: LoopThread
    private let fetches: Fetches
    let issuers: Issuers

    /// A fetch before the first question is waited for so long.
    static let patience: Int32 = 2000

    /// Starts to fetch.
    /// - Parameters:
    ///   - socket: the path of the gateway's egress socket.
    ///   - keysAreGone: a key is no longer one of an issuer's.
    /// - Throws: `LoopError` when the thread or its loop cannot be made.
    init(
        _ issuers: Issuers, through socket: String, logger: Logger, keysAreGone: @escaping @Sendable () -> Void
    ) throws(LoopError) {
        self.issuers = issuers
        let fetches = Fetches(issuers.all.filter { $0.keys.source.isRemote }.count)
        self.fetches = fetches
        thread = try LoopThread(name: "issuers") { loop in
            for issuer in issuers.all {
                guard case .address(let address) = issuer.keys.source else { continue }
                let runner = IssuerKeyRunner(
                    issuer.keys, address, socket: socket, loop: loop, fetches: fetches, logger: logger,
                    keysAreGone: keysAreGone)
                let bound = LoopBound(runner, loop: loop)
                issuer.keys.whenDue { bound.execute { runner, _ in runner.look() } }
                runner.look()
            }
        }
    }

    /// Blocks until each issuer has been asked once, whatever came of it, or for two seconds.
    func waitForFirst() { fetches.waitForFirst(Self.patience) }

    /// Has all sets be fetched again, at once.
    func fetchAgain() {
        for issuer in issuers.all {
            issuer.keys.change { $0.askAgain(now: postern_monotonic_ns()) }
            issuer.keys.wakeFetcher()
        }
    }

    func stop() {
        thread.stop()
        thread.join()
    }

    /// Adds what was counted, and how old each issuer's keys are, in seconds.
    func count(in tally: inout Tally) {
        let counters = fetches.counters
        tally.add("issuers.fetches", counters.fetches)
        tally.add("issuers.failures", counters.failures)
        tally.add("issuers.changes", counters.changes)
        for (index, issuer) in issuers.all.enumerated() {
            guard let age = issuer.keys.age else { continue }
            tally.add("issuers.\(index + 1).age", age)
        }
    }
}

/// What has come of all fetches, for other threads.
final class Fetches: Sendable {
    private let counts = Mutex(IssuerKeyFetcher.Counters())
    private let missing: Mutex<Int>
    private let wakeup = postern_eventfd()

    init(_ issuers: Int) { missing = Mutex(issuers) }

    deinit { close(wakeup) }

    var counters: IssuerKeyFetcher.Counters { counts.withLock { $0 } }

    func change(_ body: (inout IssuerKeyFetcher.Counters) -> Void) { counts.withLock { body(&$0) } }

    /// An issuer's first fetch has ended.
    func firstEnded() {
        let left = missing.withLock { missing in
            missing -= 1
            return missing
        }
        if left == 0 { _ = postern_eventfd_signal(wakeup) }
    }

    func waitForFirst(_ milliseconds: Int32) {
        guard missing.withLock({ $0 }) > 0 else { return }
        var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&descriptor, 1, milliseconds)
    }
}
