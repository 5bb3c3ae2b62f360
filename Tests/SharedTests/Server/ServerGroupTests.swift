import CLinux
import Glibc
import Logging
import Testing

@testable import Shared

@Suite("The serving threads of a process")
struct ServerGroupTests {
    private let folder: ScratchFolder
    private let waker = Waker(event: OwnedDescriptor(postern_eventfd()))

    init() throws { folder = try ScratchFolder() }

    private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func group(
        _ sockets: [ListeningSocket], threads: Int = 2, _ change: (inout ServerLimits) -> Void = { _ in }
    ) throws -> ServerGroup {
        var limits = ServerLimits()
        change(&limits)
        limits.drainGrace = 20 * millisecond
        return try ServerGroup(
            name: "test", threads: threads, sockets: sockets, limits: limits, waker: waker, logger: logger
        ) { _ in
            { name in
                ServiceApplication(
                    routes: routes([
                        ServiceEndpoint(.get, "/name", .immediate { _ in .json(Array("\"\(name)\"".utf8)) }),
                        ServiceEndpoint(.post, "/echo", .immediate { .json($0.body) }),
                    ]))
            }
        }
    }

    private func unix(_ name: String) throws -> ListeningSocket {
        try #require(try ListenAddress(unixPath: folder["\(name).sock"]).bind(name: name).first)
    }

    private func tcp() throws -> ListeningSocket {
        try #require(try ListenAddress("127.0.0.1:0").bind(name: "tcp").first)
    }

    /// The beginning of a request that is under way until `rest` comes.
    private let beginning = post("/echo", "Content-Length: 4", body: "\"")
    private let rest = "ok\""

    /// A client that waits for what it reads.
    private func connect(_ socket: ListeningSocket) throws -> BlockingClient {
        var inProgress = false
        switch socket.address {
        case .unix(let path): return try BlockingClient(unsafe postern_connect_unix(path, &inProgress))
        case .tcp(_, let port): return try BlockingClient(unsafe postern_connect_tcp("127.0.0.1", port, &inProgress))
        }
    }

    /// The threads tell nobody of what is asked for here.
    private func waitUntil(_ condition: () -> Bool) -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if condition() { return true }
            sched_yield()
        }
        return condition()
    }

    @Test("each listener is served by what belongs to its name, over Unix sockets and TCP")
    func names() throws {
        let sockets = try [unix("one"), unix("two"), tcp()]
        let group = try group(sockets)
        defer { group.stop() }
        for socket in sockets {
            let client = try connect(socket)
            client.send(ask("/name"))
            #expect(client.receive().content == "\"\(socket.name)\"")
        }
    }

    @Test("connections are counted while they are open")
    func count() throws {
        let socket = try unix("one")
        let group = try group([socket])
        defer { group.stop() }
        var clients = try (0..<5).map { _ in try connect(socket) }
        #expect(waitUntil { group.connectionCount == 5 })
        clients.removeLast(3)
        #expect(waitUntil { group.connectionCount == 2 })
    }

    @Test("beyond the limit of connections one more is closed at once, and those that stand are served")
    func full() throws {
        let socket = try unix("one")
        let group = try group([socket]) { $0.connections = 3 }
        defer { group.stop() }
        var clients = try (0..<3).map { _ in try connect(socket) }
        #expect(waitUntil { group.connectionCount == 3 })
        #expect(try connect(socket).receive() == "")
        #expect(group.refusals == ConnectionQuota.Refusals(full: 1))
        for client in clients {
            client.send(ask("/name"))
            #expect(client.receive().content == "\"one\"")
        }
        clients.removeLast()
        #expect(waitUntil { group.connectionCount == 2 })
        let next = try connect(socket)
        next.send(ask("/name"))
        #expect(next.receive().content == "\"one\"")
    }

    @Test("what all loops counted is collected, with the connections that were refused")
    func tally() throws {
        let socket = try unix("one")
        let group = try group([socket], threads: 3) { $0.connections = 1 }
        defer { group.stop() }
        let client = try connect(socket)
        client.send("bad\r\n\r\n")
        #expect(client.receive().content?.contains("Bad request") == true)
        #expect(try connect(socket).receive() == "")
        #expect(
            waitUntil {
                group.collect()
                return group.tally["malformed"] == 1
            })
        #expect(group.tally["limits.connections"] >= 1)
    }

    @Test("one client's connections have a limit of their own, over all loops; Unix sockets are not counted for it")
    func clientFull() throws {
        let (network, local) = (try tcp(), try unix("one"))
        let group = try group([network, local]) { $0.connectionsPerClient = 2 }
        defer { group.stop() }
        let clients = try (0..<2).map { _ in try connect(network) }
        #expect(waitUntil { group.connectionCount == 2 })
        #expect(try connect(network).receive() == "")
        #expect(group.refusals == ConnectionQuota.Refusals(clientFull: 1))
        let others = try (0..<4).map { _ in try connect(local) }
        for client in clients + others {
            client.send(ask("/name"))
            #expect(client.receive().hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("draining answers requests under way, closes what is idle, and then says so")
    func drain() throws {
        let socket = try unix("one")
        let group = try group([socket])
        defer { group.stop() }
        let idle = try connect(socket)
        let busy = try (0..<8).map { _ in try connect(socket) }
        for client in busy { client.send(beginning) }
        #expect(waitUntil { group.connectionCount == 9 })
        #expect(!group.isDrained)
        group.beginDrain()
        for client in busy {
            client.send(rest)
            let text = client.receive()
            #expect(text.content == "\"ok\"")
            #expect(text.value("Connection") == "close")
        }
        #expect(idle.receive() == "")
        #expect(waitUntil { group.isDrained })
        #expect(group.connectionCount == 0)
        #expect(unsafe access(folder["one.sock"], F_OK) != 0)
    }

    @Test("who connected before draining began is served, also from the backlog")
    func backlog() throws {
        let socket = try unix("one")
        let group = try group([socket], threads: 1)
        defer { group.stop() }
        let clients = try (0..<50).map { _ in try connect(socket) }
        for client in clients { client.send(ask("/name")) }
        group.beginDrain()
        for client in clients { #expect(client.receive().content == "\"one\"") }
        #expect(waitUntil { group.isDrained })
    }

    @Test("while requests drain, nobody connects to a socket that is not accepted from")
    func refused() throws {
        let socket = try tcp()
        let group = try group([socket])
        defer { group.stop() }
        let busy = try connect(socket)
        busy.send(beginning)
        #expect(waitUntil { group.connectionCount == 1 })
        group.beginDrain()
        #expect(waitUntil { socket.descriptor < 0 })
        #expect(!group.isDrained)
        let late = try connect(socket)
        #expect(late.receive() == "")
        #expect(late.failure == ECONNREFUSED)
        busy.send(rest)
        #expect(busy.receive().content == "\"ok\"")
    }

    @Test("draining without a connection ends at once, and a second time changes nothing")
    func twice() throws {
        let group = try group([unix("one")])
        defer { group.stop() }
        group.beginDrain()
        #expect(waitUntil { group.isDrained })
        group.beginDrain()
        #expect(group.isDrained)
    }

    @Test("progress is each loop's turn since it was asked last")
    func progress() throws {
        let group = try group([unix("one")])
        #expect(group.isMakingProgress())
        #expect(waitUntil { group.isMakingProgress() })
        group.stop()
        // The loops have ended: the last question is never answered.
        _ = group.isMakingProgress()
        #expect(!group.isMakingProgress())
    }

    @Test("stopping closes all connections, whatever is under way")
    func stop() throws {
        let socket = try unix("one")
        let group = try group([socket])
        let clients = try (0..<4).map { _ in try connect(socket) }
        for client in clients { client.send(beginning) }
        #expect(waitUntil { group.connectionCount == 4 })
        group.stop()
        for client in clients { #expect(client.receive() == "") }
        #expect(group.connectionCount == 0)
    }
}

/// Endpoints that are known to be good.
private func routes(_ endpoints: [ServiceEndpoint]) -> ServiceRoutes {
    do {
        return try ServiceRoutes(endpoints)
    } catch {
        preconditionFailure("\(error)")
    }
}

/// A client that waits for what it reads, some seconds at most.
private final class BlockingClient {
    private let descriptor: Int32
    private(set) var failure: Int32 = 0

    init(_ descriptor: Int32) throws {
        self.descriptor = descriptor
        if descriptor < 0 { failure = errno }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// One answer, or nothing at the end.
    func receive() -> String {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, 5000) > 0 else { break }
            let count = unsafe read(descriptor, &piece, piece.count)
            guard count > 0 else {
                if count < 0 { failure = errno }
                break
            }
            all += piece[..<count]
            let text = String(decoding: all, as: UTF8.self)
            if let length = text.value("Content-Length"), text.content?.utf8.count == Int(length) { break }
        }
        return String(decoding: all, as: UTF8.self)
    }
}
