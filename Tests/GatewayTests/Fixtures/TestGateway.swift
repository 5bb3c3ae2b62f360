import Testing

@testable import Gateway
@testable import Shared

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// A gateway on one loop that the test turns by hand, configured by files. Sockets are below its folder.
final class TestGateway {
    let loop: EventLoop
    let folder: TemporaryFolder
    let worker: Worker
    /// Of the instances, over reloads.
    let states = InstanceStates()
    let context: ServerContext

    /// - Parameters:
    ///   - routes: files below `routes/`, without their ending.
    ///   - services: files in `services/`; by default one named `data` at data.sock.
    ///   - files: further files of the configuration, with their endings.
    ///   - secrets: credentials.
    init(
        _ routes: [String: String] = ["index": "service: data", "[...path]": "service: data"],
        services: [String: String] = ["data": "instances: unix:data.sock"], files: [String: String] = [:],
        secrets: [String: String] = [:], limits: ServerLimits = ServerLimits()
    ) throws {
        folder = try TemporaryFolder()
        try Self.write(routes, services, to: folder)
        for (name, text) in files { try folder.write(text + "\n", to: name) }
        for (name, text) in secrets { try folder.writeSecret(text, to: "credentials/\(name)") }
        loop = try EventLoop()
        worker = Worker(
            loop: loop, snapshot: try Self.load(folder).snapshot(OutsideTable(), states), requestPrefix: 0xabc)
        context = ServerContext(loop: loop, application: worker, limits: limits)
    }

    deinit { context.closeAll() }

    static func write(_ routes: [String: String], _ services: [String: String], to folder: TemporaryFolder) throws {
        // Nobody plays the stream of revocations where a test does not `listen`.
        try folder.write("listen: 127.0.0.1:0\nverify: unix:verify.sock\nverdict_grace: 5m\n", to: "postern.yaml")
        try folder.makeFolder("services")
        try folder.makeFolder("routes")
        for (name, text) in services { try folder.write(text + "\n", to: "services/\(name).yaml") }
        for (name, text) in routes { try folder.write(text + "\n", to: "routes/\(name).yaml") }
    }

    /// Credentials are the files of its folder `credentials`.
    static func load(_ folder: TemporaryFolder) throws -> GatewayConfiguration {
        try GatewayConfiguration.load(
            directory: folder.path, runDirectory: folder.path,
            credentials: Credentials(folder: folder["credentials"], systemd: nil))
    }

    /// Takes the files as they are now into use.
    func reload() throws { worker.install(try Self.load(folder).snapshot(OutsideTable(), states)) }

    /// A service to be played by the test, at `NAME.sock`.
    func service(_ name: String = "data") throws -> PlayedService { try PlayedService(folder["\(name).sock"]) }

    /// A client that has just connected.
    func client() throws -> Peer { try client(unixPair()) }

    func client(_ pair: (descriptor: Int32, peer: Peer)) throws -> Peer {
        _ = try context.open(descriptor: pair.descriptor)
        return pair.peer
    }

    /// Serves what is there, without waiting: what a local socket was sent is there at once.
    func settle(_ turns: Int = 12) {
        for _ in 0..<turns { loop.turn(waitingAtMost: 0) }
    }

    /// Moves the loop's clock on and serves what falls due.
    func advance(by nanoseconds: UInt64) {
        loop.clockAdvance += nanoseconds
        settle()
    }

    /// What the client is answered at once.
    func answer(_ request: String, from client: Peer? = nil) throws -> Answer {
        let client = try client ?? self.client()
        client.send(request)
        settle()
        return try Answer(client.receiveText())
    }

    /// Lets the service take the next connection and tells what came over it.
    func seen(by service: PlayedService) throws -> (connection: Peer, request: Seen) {
        settle()
        var next = service.take()
        // Over TCP the client's bytes may take a moment.
        for _ in 0..<200 where next == nil {
            loop.turn(waitingAtMost: 20 * millisecond)
            settle()
            next = service.take()
        }
        let connection = try #require(next, "nobody has connected")
        return (connection, try Seen(connection.receiveText()))
    }

    /// Plays a whole exchange: the request, the service's response, the client's answer.
    func exchange(
        _ request: String, _ response: String, at service: PlayedService, from client: Peer? = nil
    ) throws -> (seen: Seen, answer: Answer) {
        let client = try client ?? self.client()
        client.send(request)
        let (connection, seen) = try self.seen(by: service)
        connection.send(response)
        settle()
        return (seen, try Answer(client.receiveText()))
    }

    /// Exchanges under way at all instances.
    var inFlight: Int { worker.table.pools.values.reduce(0) { $0 + $1.inFlight } }
}

/// `GET path` with a host, and further field lines.
func get(_ path: String, _ fields: String...) -> String { request("GET", path, fields) }

func request(_ method: String, _ path: String, _ fields: [String] = [], body: String? = nil) -> String {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: api.example\r\n"
    for field in fields { text += field + "\r\n" }
    if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
    return text + "\r\n" + (body ?? "")
}

/// A response of a service.
func ok(_ body: String, _ fields: String...) -> String {
    let lines = fields.map { $0 + "\r\n" }.joined()
    return "HTTP/1.1 200 OK\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
