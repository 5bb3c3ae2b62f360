import CLinux
import Glibc

/// Wakes the main thread's loop; for any thread.
package struct Waker: Sendable {
    let event: OwnedDescriptor

    /// Has the loop look at the process again: whether it is drained, and at its status line.
    package func wake() {
        // An eventfd's write can fail only on a closed descriptor, and this one is open as long as a waker lives.
        _ = postern_eventfd_signal(event.descriptor)
    }
}

/// A descriptor that is closed with its last owner.
final class OwnedDescriptor: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
