import Shared
import Testing

/// A configuration for a gateway alone, with sockets in the same folder.
struct GatewayFixture {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("run")
        try write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 2\n")
        try write("services/main.yaml", "instances: unix:main.sock\n")
        try write("routes/open/[...path].yaml", "service: main\ntimeout: 500ms\n")
        try write("routes/slow/[...path].yaml", "service: main\ntimeout: 20s\n")
        try write("routes/members/[...path].yaml", "service: main\nauth: required\ntimeout: 20s\n")
    }

    var configuration: String { "\(folder.path)/config" }
    var runFolder: String { "\(folder.path)/run" }
    /// Where the gateway looks for its one service, and where it asks for verdicts.
    var mainSocket: String { "\(runFolder)/main.sock" }
    var verifySocket: String { "\(runFolder)/verify.sock" }

    func write(_ name: String, _ text: String) throws {
        try folder.write(text, to: "config/\(name)")
    }

    /// - Parameter arguments: further ones of the program.
    func start(_ arguments: String...) throws -> RunningGateway { try RunningGateway(self, arguments) }
}

/// `postern-gateway` alone.
struct RunningGateway {
    let fixture: GatewayFixture
    let program: RunningProgram
    let notify: NotifySocket
    let port: UInt16

    init(_ fixture: GatewayFixture, _ arguments: [String] = []) throws {
        self.fixture = fixture
        notify = try NotifySocket(in: fixture.folder)
        program = try RunningProgram(
            program: "postern-gateway", ["--config", fixture.configuration, "--run", fixture.runFolder] + arguments,
            environment: notify.environment)
        try notify.message("READY=1", from: program)
        let line = try program.line { $0.contains("listening listener=") }
        let match = try #require(line.firstMatch(of: /listener=127\.0\.0\.1:(\d+)/))
        port = try #require(UInt16(match.1))
    }

    func connect() throws -> SocketStream { try SocketStream.connect(port: port) }

    func request(
        _ method: String = "GET", _ target: String, fields: [String] = [], body: String? = nil
    ) throws -> Message {
        try Client.request(port: port, method, target, fields: fields, body: body)
    }
}
