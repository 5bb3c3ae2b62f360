// Unsafe code: the path of a socket goes to the shim as a C string.
import CLinux
import Glibc
import Shared
import Synchronization
import Testing

/// A service behind the gate that does what a test tells it: a thread for each connection.
final class ScriptedService: Sendable {
    typealias Script = @Sendable (_ service: ScriptedService, _ connection: SocketStream, _ number: Int) -> Void

    /// What happened so far.
    struct Record: Sendable {
        var connections = 0
        var requests: [Message] = []
        /// Requests that could not be read.
        var errors: [MessageError] = []
    }

    let record = Monitor(Record())
    private let listener: Int32
    private let stopped = postern_eventfd()
    private let open = Mutex<Set<Int32>>([])

    /// - Parameter script: is given each connection, with its number from 1 on; the connection ends with it.
    init(_ path: String, script: @escaping Script) throws {
        listener = unsafe postern_listen_unix(path, 128, 0o600)
        try #require(listener >= 0)
        try TestThread.start("service") { [self] in accept(script) }
    }

    /// At a numeric address of this machine, with a port of its own choice unless one is given.
    init(address: String, port: UInt16 = 0, script: @escaping Script) throws {
        listener = unsafe postern_listen_tcp(address, port, 128, false)
        try #require(listener >= 0)
        try TestThread.start("service") { [self] in accept(script) }
    }

    /// The same, answering every request.
    convenience init(
        address: String, port: UInt16 = 0, answer: @escaping @Sendable (Message) -> String?
    ) throws {
        try self.init(address: address, port: port) { service, stream, _ in
            while let request = service.read(stream), let text = answer(request), stream.send(text) {}
        }
    }

    /// The port at a numeric address.
    var port: UInt16 { SocketAddress.local(of: listener)?.port ?? 0 }

    /// The same on a port of the loopback address, which is found in `port`.
    init(port: inout UInt16, script: @escaping Script) throws {
        listener = unsafe postern_listen_tcp("127.0.0.1", 0, 128, false)
        try #require(listener >= 0)
        var address = [CChar](repeating: 0, count: 64)
        try #require(unsafe postern_local_address(listener, &address, address.count, &port) > 0)
        try TestThread.start("service") { [self] in accept(script) }
    }

    /// Answers every request with what `answer` makes of it; nil closes the connection.
    convenience init(_ path: String, answer: @escaping @Sendable (Message) -> String?) throws {
        try self.init(path) { service, stream, _ in
            while let request = service.read(stream), let text = answer(request), stream.send(text) {}
        }
    }

    deinit { close(stopped) }

    /// Ends the service; connections under way are closed.
    func stop() {
        _ = postern_eventfd_signal(stopped)
        open.withLock { open in for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// The next request of a connection, recorded; nil at its end.
    func read(_ stream: SocketStream) -> Message? {
        do throws(MessageError) {
            let request = try stream.request()
            record.change { $0.requests.append(request) }
            return request
        } catch {
            if case .none = error { return nil }
            record.change { $0.errors.append(error) }
            return nil
        }
    }

    private func accept(_ script: @escaping Script) {
        defer { close(listener) }
        while true {
            var polled = [
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopped, events: Int16(POLLIN), revents: 0),
            ]
            _ = unsafe poll(&polled, 2, -1)
            if polled[1].revents != 0 { return }
            let descriptor = postern_accept(listener)
            guard descriptor >= 0 else { continue }
            let number = record.change { record in
                record.connections += 1
                return record.connections
            }
            open.withLock { _ = $0.insert(descriptor) }
            try? TestThread.start("connection") { [self] in
                let stream = SocketStream(descriptor: descriptor)
                script(self, stream, number)
                open.withLock { _ = $0.remove(descriptor) }
                stream.close()
            }
        }
    }
}
