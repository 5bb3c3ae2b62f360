import Glibc
import Logging
import Shared
import Synchronization

/// Finds instances as they come and go in the folders that services name, on a thread and a loop of its own: as soon as
/// the kernel tells (inotify(7)), and now and then in case it did not.
final class InstanceDiscovery: Sendable {
    /// What the loop makes, in the hands of the other threads.
    private final class Shelf: Sendable {
        let watcher = Mutex<LoopBound<DiscoveryLoop>?>(nil)
    }
    private let thread: LoopThread
    private let shelf: Shelf

    /// - Throws: `LoopError` when the thread or its loop cannot be made. A system without inotify is no obstacle.
    init(_ workers: WorkerSet, logger: Logger) throws(LoopError) {
        let shelf = Shelf()
        self.shelf = shelf
        thread = try LoopThread(name: "discovery") { loop in
            let watcher = LoopBound(DiscoveryLoop(loop, workers, logger), loop: loop)
            shelf.watcher.withLock { $0 = watcher }
        }
    }

    private func execute(_ body: @escaping @Sendable (DiscoveryLoop, EventLoop) -> Void) -> Bool {
        shelf.watcher.withLock { $0 }?.execute(body) ?? false
    }

    /// Looks again, and watches the folders that the configuration names now. Does not wait.
    func look() { _ = execute { watcher, _ in watcher.look() } }

    /// Waits until an instance has nothing under way, for so many nanoseconds at most; whether that came about.
    func wait(until state: InstanceState, isQuietWithin nanoseconds: UInt64) async -> Bool {
        await withCheckedContinuation { continuation in
            let isTaken = execute { watcher, loop in
                watcher.add(DiscoveryLoop.Drain(state: state, deadline: loop.now &+ nanoseconds, done: continuation))
            }
            if !isTaken { continuation.resume(returning: state.inFlight == 0) }
        }
    }

    /// Ends the thread.
    func stop() {
        _ = execute { watcher, _ in watcher.end() }
        thread.stop()
        thread.join()
    }
}

/// The loop's part.
final class DiscoveryLoop {
    struct Drain {
        let state: InstanceState
        let deadline: UInt64
        let done: CheckedContinuation<Bool, Never>
    }
    private let loop: EventLoop
    private let workers: WorkerSet
    private let logger: Logger
    private var watch: FolderWatch?
    private var watchFailure: Int32 = 0
    private var settling: LoopTimer?
    private var ticking: LoopTimer?
    private var quiet: LoopTimer?
    private var lookedAt: UInt64 = 0
    private var told: Set<FolderReport.Refused> = []
    private var toldFailures: [String: Int32] = [:]
    private var drains: [Drain] = []

    private static let second: UInt64 = 1_000_000_000
    /// After the first event of a burst. A socket's file is there a moment before anybody listens on it.
    private static let settlingTime: UInt64 = 10_000_000
    /// In case that an event was lost.
    private static let rescan: UInt64 = 10 * second
    private static let drainStep: UInt64 = 10_000_000

    init(_ loop: EventLoop, _ workers: WorkerSet, _ logger: Logger) {
        self.loop = loop
        self.workers = workers
        self.logger = logger
        settling = LoopTimer(loop: loop) { [unowned self] in look() }
        ticking = LoopTimer(loop: loop) { [unowned self] in tick() }
        quiet = LoopTimer(loop: loop) { [unowned self] in lookAtDrains() }
        do throws(LoopError) {
            watch = try FolderWatch(loop: loop) { [unowned self] isLossy in
                if isLossy { logger.notice("events of folders were lost; they are looked at again") }
                // The first of a burst decides when.
                if settling?.deadline == LoopTimer.never { settling?.set(after: Self.settlingTime) }
            }
        } catch {
            fail(error.code)
        }
        look()
        ticking?.set(after: Self.second)
    }

    /// Looks at all folders. The watch stands before the look: what comes after it is told.
    func look() {
        settling?.cancel()
        lookedAt = loop.now
        let folders = workers.folders.folders
        if let watch { fail(watch.follow(folders)) }
        let changes = workers.refreshInstances()
        if !changes.isEmpty {
            logger.info(
                "instances changed",
                metadata: [
                    "added": "\(changes.joined.count)", "removed": "\(changes.left.count)",
                    "joined": "\(Self.list(changes.joined))", "left": "\(Self.list(changes.left))",
                ])
        }
        report()
    }

    private func tick() {
        ticking?.set(after: Self.second)
        workers.reportHandshakes(to: logger)
        EjectionLog.ofProcess.report(to: logger)
        for peer in workers.foreign.take() {
            logger.error(
                "instance is refused: a foreign user listens on its socket",
                metadata: [
                    "address": "\(peer.address)", "user": "\(UserName.of(peer.user))",
                    "mend": "if that user is right, write `owner: \(UserName.of(peer.user))` in the service's file",
                ])
        }
        // Where nobody tells, each second is a look.
        if watch == nil || watchFailure != 0 || loop.now &- lookedAt >= Self.rescan { look() }
    }

    /// Says what is refused, once; what was mended and came back is said again.
    private func report() {
        let report = workers.folders
        let refused = Set(report.refused)
        for socket in report.refused where !told.contains(socket) {
            logger.warning(
                "socket is refused: its file is a foreign user's",
                metadata: [
                    "service": "\(socket.service)", "socket": "\(socket.path)",
                    "owner": "\(UserName.of(socket.owner))",
                    "mend":
                        "write `owner: \(UserName.of(socket.owner))` in \(socket.file), or have it made by \(UserName.of(socket.folderOwner))",
                ])
        }
        workers.foreign.count(files: refused.subtracting(told).count)
        told = refused
        for (folder, code) in report.failures where toldFailures[folder] != code {
            logger.warning(
                "folder of instances cannot be read; those that were known are kept",
                metadata: ["folder": "\(folder)", "cause": "\(SystemError("open", code: code).reason)"])
        }
        toldFailures = report.failures
    }

    private func fail(_ code: Int32) {
        if code != 0, code != watchFailure {
            logger.warning(
                "folders cannot be watched; they are looked at once a second",
                metadata: ["cause": "\(SystemError("inotify", code: code).reason)"])
        }
        watchFailure = code
    }

    private static func list(_ addresses: [String]) -> String {
        addresses.prefix(8).joined(separator: " ") + (addresses.count > 8 ? " …" : "")
    }

    // MARK: Draining

    func add(_ drain: Drain) {
        drains.append(drain)
        lookAtDrains()
    }

    /// Answers those who wait for an instance that has nothing under way any more, or for too long.
    private func lookAtDrains() {
        var left: [Drain] = []
        for drain in drains {
            let isQuiet = drain.state.inFlight == 0
            if isQuiet || drain.deadline <= loop.now {
                drain.done.resume(returning: isQuiet)
            } else {
                left.append(drain)
            }
        }
        drains = left
        if !drains.isEmpty { quiet?.set(after: Self.drainStep) }
    }

    func end() {
        for drain in drains { drain.done.resume(returning: drain.state.inFlight == 0) }
        drains = []
        for timer in [settling, ticking, quiet] { timer?.invalidate() }
        watch = nil
    }
}
