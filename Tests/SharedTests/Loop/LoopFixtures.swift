// Unsafe code: sockets of the tests' own, read and written through pointers.
import CLinux
import Glibc
import Testing

@testable import Shared

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

func makeLoop() throws -> EventLoop {
    _ = postern_ignore_sigpipe()
    return try EventLoop()
}

extension EventLoop {
    /// Turns until `condition` holds; false when it does not within some seconds.
    func turn(until condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            turn(waitingAtMost: 20 * millisecond)
        }
        return condition()
    }

    /// Serves what is there, without waiting: what a local socket was sent is there at once.
    func settle(_ turns: Int = 12) {
        for _ in 0..<turns { turn(waitingAtMost: 0) }
    }

    /// Moves the loop's clock on and serves what falls due.
    func advance(by nanoseconds: UInt64) {
        clockAdvance += nanoseconds
        settle()
    }
}

/// The other end of a socket under test: never blocks.
final class Peer {
    private(set) var descriptor: Int32
    /// The other side has said that no more comes.
    private(set) var sawEnd = false
    /// The errno of the read that failed, 0 while none has.
    private(set) var failure: Int32 = 0

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = postern_set_nonblocking(descriptor)
    }

    deinit { close() }

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    /// Closes so that the other side sees a reset (TCP).
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func finishWriting() { _ = postern_shutdown_write(descriptor) }

    /// Sends as much as fits; returns how much that was.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        max(0, unsafe write(descriptor, bytes, bytes.count))
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// Up to `limit` of the bytes that are there now.
    func receive(atMost limit: Int = .max) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while all.count < limit {
            let count = unsafe read(descriptor, &piece, min(piece.count, limit - all.count))
            if count > 0 {
                all += piece[..<count]
            } else {
                if count == 0 { sawEnd = true } else if errno != EAGAIN { failure = errno }
                break
            }
        }
        return all
    }

    func receiveText() -> String { String(decoding: receive(), as: UTF8.self) }
}

enum Transport: CaseIterable {
    case unix, tcp

    /// A connected pair: a descriptor for the code under test, and its peer.
    func pair() throws -> (descriptor: Int32, peer: Peer) {
        switch self {
        case .unix:
            var ends: [Int32] = [-1, -1]
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
            return (ends[0], Peer(ends[1]))
        case .tcp:
            let listener = try TestListener.tcp()
            let peer = Peer(listener.connect())
            return (try listener.accept(), peer)
        }
    }
}

/// A listening socket of a test's own, closed with it.
final class TestListener {
    let descriptor: Int32
    let path: String
    let port: UInt16

    private init(_ descriptor: Int32, path: String = "", port: UInt16 = 0) throws {
        try #require(descriptor >= 0)
        self.descriptor = descriptor
        self.path = path
        self.port = port
    }

    deinit {
        close(descriptor)
        if !path.isEmpty { unsafe unlink(path) }
    }

    static func tcp(backlog: Int32 = 128) throws -> TestListener {
        let descriptor = unsafe postern_listen_tcp("127.0.0.1", 0, backlog, false)
        var port: UInt16 = 0
        var text = [CChar](repeating: 0, count: 64)
        try #require(unsafe postern_local_address(descriptor, &text, text.count, &port) > 0)
        return try TestListener(descriptor, port: port)
    }

    static func unix(backlog: Int32 = 128) throws -> TestListener {
        let path = "/tmp/postern-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).sock"
        return try TestListener(unsafe postern_listen_unix(path, backlog, 0o600), path: path)
    }

    /// A descriptor that is connected or connecting to this listener.
    func connect() -> Int32 {
        var inProgress = false
        if path.isEmpty { return unsafe postern_connect_tcp("127.0.0.1", port, &inProgress) }
        return unsafe postern_connect_unix(path, &inProgress)
    }

    /// The next connection, waiting for it up to a few seconds.
    func accept() throws -> Int32 {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&waiting, 1, 5000)
        let connection = postern_accept(descriptor)
        try #require(connection >= 0)
        return connection
    }
}

/// A number that the kernel keeps for a socket; -1 when it says nothing.
func socketOption(_ descriptor: Int32, _ level: Int32, _ name: Int32) -> Int32 {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, level, name, &value, &size) == 0 ? value : -1
}
