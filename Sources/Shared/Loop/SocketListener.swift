// Unsafe code: open(2) takes its path as a pointer.
import CLinux
import Glibc

/// Accepts connections on a listening socket. Several loops may listen on one descriptor.
package final class SocketListener: EventSource {
    private unowned let loop: EventLoop
    private let accepted: (Int32) -> Void
    private let failed: (LoopError) -> Void
    /// Kept open so that a connection can still be taken, and turned away, when descriptors have run out.
    private var spare: Int32
    private lazy var retry = LoopTimer(loop: loop) { [unowned self] in self.resume() }
    /// Connections turned away because the process had no descriptor left.
    package private(set) var turnedAway: UInt64 = 0
    /// accept4(2), unless a test stands in for the kernel.
    var accept: (Int32) -> Int32 = postern_accept
    /// At most so many a turn, so that others are served as well.
    private static let acceptedAtOnce = 64

    /// - Parameters:
    ///   - accepted: takes over a connected, non-blocking descriptor.
    ///   - failed: told of each failure that is not one connection's own.
    package init(
        loop: EventLoop, descriptor: Int32, accepted: @escaping (Int32) -> Void,
        failed: @escaping (LoopError) -> Void
    ) throws(LoopError) {
        self.loop = loop
        self.accepted = accepted
        self.failed = failed
        spare = Self.openSpare()
        super.init(descriptor: descriptor)
        // Accepted connections inherit it (tcp(7)); a Unix socket knows no such thing.
        _ = postern_set_nodelay(descriptor)
        _ = KeepAlive.ordinary.apply(to: descriptor)
        try loop.watchListener(self)
    }

    override func ready(_ readiness: Readiness) {
        for _ in 0..<Self.acceptedAtOnce {
            // The one that was accepted last may have stopped this.
            guard descriptor >= 0 else { return }
            let connection = accept(descriptor)
            if connection >= 0 {
                accepted(connection)
                continue
            }
            switch errno {
            case EAGAIN: return
            // Nobody can connect any more (`ListeningSocket.withdraw`), and nobody waits.
            case EINVAL: return
            // The client was gone before it was accepted, or the network said so (accept(2)): the next one may be fine.
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH:
                continue
            case EMFILE, ENFILE:
                failed(LoopError(call: "accept4", code: errno))
                guard turnAway() else { return pause() }
            default:
                failed(LoopError(call: "accept4", code: errno))
                return pause()
            }
        }
    }

    func take(_ connection: Int32) {
        accepted(connection)
    }

    /// Uses the spare descriptor to accept and close one connection: it learns at once that it is not served.
    private func turnAway() -> Bool {
        guard spare >= 0 else { return false }
        close(spare)
        let connection = accept(descriptor)
        if connection >= 0 {
            close(connection)
            turnedAway &+= 1
        }
        spare = Self.openSpare()
        return connection >= 0
    }

    private static func openSpare() -> Int32 {
        unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    /// Leaves the socket alone for a moment rather than spinning on an error that stays.
    private func pause() {
        guard descriptor >= 0 else { return }
        loop.suspend(self)
        retry.set(after: 100_000_000)
    }

    private func resume() {
        if spare < 0 { spare = Self.openSpare() }
        do throws(LoopError) {
            try loop.watchListener(self)
        } catch {
            failed(error)
            retry.set(after: 100_000_000)
        }
    }

    /// Accepts no more. The descriptor stays open: other loops and systemd may hold it too.
    package func stop() {
        retry.invalidate()
        if spare >= 0 { close(spare) }
        spare = -1
        loop.forget(self, closing: false)
    }
}
