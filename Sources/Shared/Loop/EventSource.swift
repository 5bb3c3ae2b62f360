import CLinux

/// What the kernel said of a descriptor. Hints only: the next system call tells what is so.
package struct Readiness: Sendable {
    let bits: UInt32

    private static let gone = UInt32(POSTERN_EPOLL_HUP | POSTERN_EPOLL_ERR)
    private static let end = UInt32(POSTERN_EPOLL_RDHUP) | gone

    /// Bytes, or the end of them, can be read.
    @inline(__always) var readable: Bool { bits & (UInt32(POSTERN_EPOLL_IN) | Self.end) != 0 }
    /// Bytes can be written, or an attempt to connect has ended.
    @inline(__always) var writable: Bool { bits & (UInt32(POSTERN_EPOLL_OUT) | Self.gone) != 0 }
    /// The peer sends no more: a read after the last byte gives the end.
    @inline(__always) var ended: Bool { bits & Self.end != 0 }
    /// Both directions are gone: nobody will read an answer.
    @inline(__always) var abandoned: Bool { bits & Self.gone != 0 }
}

/// Something with a descriptor that a loop watches. Confined to its loop.
package class EventSource {
    /// The descriptor, -1 once closed.
    package final var descriptor: Int32
    /// What the kernel hands back with an event: the descriptor, and which of those that had its number this one is.
    final var token: UInt64 = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Called by the loop. May come once more in the turn in which the source was closed.
    func ready(_ readiness: Readiness) {}
}
