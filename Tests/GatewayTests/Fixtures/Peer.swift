// Unsafe code: sockets of the tests' own, read and written through pointers.
import CLinux
import Glibc
import Testing

@testable import Shared

/// The other end of a socket under test: never blocks.
final class Peer {
    private(set) var descriptor: Int32
    /// The other side has said that no more comes.
    private(set) var sawEnd = false
    /// The other side has reset the connection.
    private(set) var sawReset = false

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = postern_set_nonblocking(descriptor)
    }

    /// Connects to a numeric address, or tries to.
    convenience init(connecting address: String, _ port: UInt16) throws {
        var inProgress = false
        let descriptor = unsafe postern_connect_tcp(address, port, &inProgress)
        try #require(descriptor >= 0)
        self.init(descriptor)
    }

    deinit { close() }

    func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    func finishWriting() { _ = postern_shutdown_write(descriptor) }

    /// Sends as much as fits; returns how much that was.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        max(0, unsafe write(descriptor, bytes, bytes.count))
    }

    @discardableResult
    func send(_ text: String) -> Int { send(Array(text.utf8)) }

    /// The bytes that are there now, up to about `limit`.
    func receive(atMost limit: Int = .max) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while all.count < limit {
            let count = unsafe read(descriptor, &piece, min(piece.count, limit - all.count))
            if count > 0 {
                all += piece[..<count]
            } else {
                if count == 0 { sawEnd = true } else if errno == ECONNRESET { sawReset = true }
                break
            }
        }
        return all
    }

    func receiveText() -> String { String(decoding: receive(), as: UTF8.self) }

    /// All that comes until the other side is gone, which over TCP may take a moment; some seconds at most.
    func receiveToEnd(patience: Int32 = 5000) -> String {
        var all = receive()
        while !sawEnd && !sawReset {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, patience) > 0 else { break }
            all += receive()
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// Whether the other side is gone, after what it sent was dropped.
    var isClosed: Bool {
        _ = receive()
        return sawEnd || sawReset
    }
}

/// A connected pair: a descriptor for the code under test, and its peer.
func unixPair() throws -> (descriptor: Int32, peer: Peer) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
    return (ends[0], Peer(ends[1]))
}

/// The same over TCP, where each end has an address and a reset shows.
func tcpPair(address: String = "127.0.0.1") throws -> (descriptor: Int32, peer: Peer) {
    let listener = unsafe postern_listen_tcp(address, 0, 16, false)
    try #require(listener >= 0)
    defer { close(listener) }
    var port: UInt16 = 0
    var text = [CChar](repeating: 0, count: 64)
    try #require(unsafe postern_local_address(listener, &text, text.count, &port) > 0)
    var inProgress = false
    let peer = Peer(unsafe postern_connect_tcp(address, port, &inProgress))
    var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&waiting, 1, 5000)
    let descriptor = postern_accept(listener)
    try #require(descriptor >= 0)
    return (descriptor, peer)
}

/// A service whose part the test plays: a listening Unix socket, and what connects to it.
final class PlayedService {
    let path: String
    private var listener: Int32

    /// - Parameter backlog: connections that may wait; the kernel takes one more.
    init(_ path: String, backlog: Int32 = 64) throws {
        self.path = path
        listener = unsafe postern_listen_unix(path, backlog, 0o600)
        try #require(listener >= 0)
    }

    /// At a numeric address, where TCP is spoken; a port of its own choice unless one is given.
    init(address: String, port: UInt16 = 0, backlog: Int32 = 64) throws {
        path = ""
        listener = unsafe postern_listen_tcp(address, port, backlog, false)
        try #require(listener >= 0)
    }

    /// The port at a numeric address.
    var port: UInt16 { SocketAddress.local(of: listener)?.port ?? 0 }

    deinit { stop() }

    /// The next connection that waits; nil without one.
    func take() -> Peer? {
        let descriptor = postern_accept(listener)
        return descriptor >= 0 ? Peer(descriptor) : nil
    }

    func accept() throws -> Peer { try #require(take(), "nobody has connected") }

    /// Takes no more connections, as a service that has ended: its file is gone.
    func stop() {
        guard listener >= 0 else { return }
        close(listener)
        listener = -1
        if !path.isEmpty { unsafe unlink(path) }
    }
}
