// Unsafe code: send(2), recv(2), getsockopt(2) and setsockopt(2) take pointers.
import CLinux
import Glibc
import Testing

/// A connected stream socket that blocks, for at most `Duration.patience`.
final class SocketStream {
    enum End: Sendable {
        /// The other side has said all that it had to say.
        case closed
        /// The connection was reset.
        case reset
        /// Nothing came in time.
        case silent
    }

    private(set) var descriptor: Int32
    /// What arrived and was not taken yet.
    private(set) var input: [UInt8] = []
    /// Why nothing more comes; nil while something may.
    private(set) var end: End?

    /// Takes over a connected descriptor, blocking or not.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        setPatience(.patience)
    }

    deinit { close() }

    /// Connects to a TCP port of this machine.
    static func connect(port: UInt16) throws(ConnectFailure) -> SocketStream {
        var inProgress = false
        let descriptor = unsafe postern_connect_tcp("127.0.0.1", port, &inProgress)
        guard descriptor >= 0 else { throw ConnectFailure(code: errno) }
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if inProgress { _ = unsafe poll(&polled, 1, Deadline(in: .patience).milliseconds) }
        let error = postern_socket_error(descriptor)
        guard error == 0 else {
            Glibc.close(descriptor)
            throw ConnectFailure(code: error)
        }
        _ = postern_set_nodelay(descriptor)
        return SocketStream(descriptor: descriptor)
    }

    static func connect(unix path: String) throws(ConnectFailure) -> SocketStream {
        var inProgress = false
        let descriptor = unsafe postern_connect_unix(path, &inProgress)
        guard descriptor >= 0 else { throw ConnectFailure(code: errno) }
        return SocketStream(descriptor: descriptor)
    }

    struct ConnectFailure: Error {
        let code: Int32
    }

    func setPatience(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    // MARK: Sending

    /// Sends all; false when the other side takes no more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.send(
                    descriptor, all.baseAddress?.advanced(by: sent), all.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    func finishSending() {
        _ = postern_shutdown_write(descriptor)
    }

    // MARK: Receiving

    /// Waits for more; false at the end.
    @discardableResult
    func fill() -> Bool {
        guard end == nil else { return false }
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                input += buffer[..<count]
                return true
            }
            if count < 0 && errno == EINTR { continue }
            end = count == 0 ? .closed : errno == ECONNRESET || errno == EPIPE ? .reset : .silent
            return false
        }
    }

    func take(_ count: Int) -> [UInt8] {
        let taken = Array(input[..<count])
        input.removeFirst(count)
        return taken
    }

    /// All that comes until the end.
    func everything() -> [UInt8] {
        while fill() {}
        return take(input.count)
    }

    // MARK: Ending

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
        if end == nil { end = .closed }
    }

    /// Closes so that the other side sees a reset (TCP), or loses what it had not read.
    func reset() {
        _ = postern_reset_on_close(descriptor)
        close()
    }
}
