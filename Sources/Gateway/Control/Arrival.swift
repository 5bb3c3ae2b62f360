// Unsafe code: poll(2) with one descriptor.
import CLinux
import Glibc
import Synchronization

/// So many threads that are each to do one thing, and one that waits until all have.
final class Arrival: Sendable {
    private let missing: Atomic<Int>
    private let event = postern_eventfd()

    init(_ count: Int) {
        missing = Atomic(count)
        if count == 0 { signal() }
    }

    deinit { if event >= 0 { close(event) } }

    /// One has done it.
    func arrive() {
        if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { signal() }
    }

    private func signal() { if event >= 0 { _ = postern_eventfd_signal(event) } }

    /// Whether all have, within so many milliseconds.
    func wait(atMost milliseconds: Int32) -> Bool {
        guard missing.load(ordering: .acquiring) > 0 else { return true }
        guard event >= 0 else { return false }
        var polled = [pollfd(fd: event, events: Int16(POLLIN), revents: 0)]
        _ = unsafe poll(&polled, 1, milliseconds)
        return missing.load(ordering: .acquiring) <= 0
    }
}
