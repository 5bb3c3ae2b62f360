// Unsafe code: inotify(7), poll(2) and read(2).
import CLinux
import Glibc
import Shared
import Synchronization

/// Tells when another program, or this one, has written to the store: a thread that waits for the kernel to say so.
final class StoreWatch: Sendable {
    private let wakeup = postern_eventfd()
    private let isStopped = Atomic(false)
    private let inotify: Int32

    /// Milliseconds between two signs of life to those who listen.
    private static let beat: Int32 = 1000
    /// Milliseconds after which a change is looked for again: the kernel tells of the log's bytes, and who writes them
    /// says a moment later that they count. Should that moment be long, the next beat finds it.
    private static let settling: [Int32] = [2, 10, 30, 50]

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter path: the store's file.
    /// - Throws: when its folder cannot be watched.
    init(path: String) throws(Failure) {
        inotify = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        // SQLite writes to its log beside the file, which comes and goes.
        guard inotify >= 0, unsafe inotify_add_watch(inotify, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO)) >= 0
        else {
            throw Failure(
                description: "\(folder): changes of the store cannot be watched (\(SystemError.last("inotify").reason))"
            )
        }
    }

    deinit {
        close(inotify)
        close(wakeup)
    }

    /// Runs until `stop()`: `changed` when there may be something new, `beat` once a second.
    func run(changed: () -> Void, beat: () -> Void) {
        changed()
        var waits: ArraySlice<Int32> = []
        var lastBeat = postern_monotonic_ns()
        while !isStopped.load(ordering: .acquiring) {
            var descriptors = [
                pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
            ]
            // A store that is written to all the time must not silence the beat.
            let wait = min(waits.popFirst() ?? Self.beat, Self.beat - Self.milliseconds(since: lastBeat))
            let count = unsafe poll(&descriptors, nfds_t(descriptors.count), wait)
            if count > 0, drain() { waits = Self.settling[...] }
            if count >= 0 { changed() }
            if Self.milliseconds(since: lastBeat) >= Self.beat {
                lastBeat = postern_monotonic_ns()
                beat()
            }
        }
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        _ = postern_eventfd_signal(wakeup)
    }

    /// A beat's worth at most.
    private static func milliseconds(since moment: UInt64) -> Int32 {
        Int32(min((postern_monotonic_ns() - moment) / 1_000_000, UInt64(beat)))
    }

    /// Reads all that is told; false when it was nothing.
    private func drain() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isAny = false
        while unsafe read(inotify, &buffer, buffer.count) > 0 { isAny = true }
        return isAny
    }
}
