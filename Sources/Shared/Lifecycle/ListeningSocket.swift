import CLinux
import Glibc
import Synchronization

/// A listening stream socket, non-blocking and close-on-exec, that this process owns until ``close()``.
///
/// It is listening already: listen(2) is not to be called on it (a second call would replace the backlog that the
/// unit's `Backlog=` set).
package final class ListeningSocket: Sendable {
    /// The name under which the process asked for it, for example `login`; `FileDescriptorName=` in a socket unit.
    package let name: String
    /// Where it listens in effect: a port 0 is the port that the kernel chose.
    package let address: ListenAddress
    /// Whether the service manager passed it. Then it outlives this process, and its file is not ours to remove.
    package let isPassed: Bool

    private let held: Atomic<Int32>
    private let file: Mutex<UnixSocketFile?>

    /// `file` is the socket's file where it is ours to remove.
    init(descriptor: Int32, name: String, address: ListenAddress, isPassed: Bool, file: UnixSocketFile? = nil) {
        self.name = name
        self.address = address
        self.isPassed = isPassed
        held = Atomic(descriptor)
        self.file = Mutex(file)
    }

    deinit { close() }

    /// The open descriptor, -1 once the socket is closed. It stays this object's.
    package var descriptor: Int32 { held.load(ordering: .acquiring) }

    /// Takes the socket's file away where it is ours and still the one that we made, so that no new client comes.
    /// Who has connected by then waits in the backlog: accept until there is none, then ``close()``.
    package func withdraw() {
        guard let ours = file.withLock({ $0.take() }) else { return }
        ours.removeIfUnchanged()
        // Who has found the file a moment ago, and has not connected yet, would enter the backlog behind the last one
        // that is accepted.
        _ = postern_refuse_input(descriptor)
    }

    /// Withdraws the socket and closes it; a second call does nothing. A passed socket goes on listening in systemd,
    /// and clients in its backlog wait for the next process; those in our own socket's backlog are cut off.
    package func close() {
        withdraw()
        let descriptor = held.exchange(-1, ordering: .acquiringAndReleasing)
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }
}
