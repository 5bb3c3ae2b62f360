import Shared
import Testing

/// With systemd's own tool: descriptors 3 and 4, LISTEN_FDNAMES and the rest are as a socket unit makes them.
@Suite("Sockets that systemd holds")
struct SocketActivationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["run", "state", "state/auth"] { try folder.makeFolder(name) }
    }

    @Test("The auth service starts on the first connection, and serves each socket for what its name says")
    func namedSockets() throws {
        let sockets = ["login", "verify"].map { "\(folder.path)/run/\($0).socket" }
        let program = try RunningProgram(
            "/usr/bin/systemd-socket-activate",
            sockets.flatMap { ["--listen", $0] } + [
                "--fdname=login:verify", "--setenv=JWT_SECRET_KEY=\(Project.secret)",
                try Project.program("postern-auth"), "--config", Project.tutorialConfiguration,
                "--run", "\(folder.path)/run", "--state", "\(folder.path)/state",
            ])
        for socket in sockets { try program.line { $0.hasPrefix("Listening on \(socket)") } }
        #expect(!program.lines.contains { $0.contains("postern-auth") && $0.contains("listening") })

        let verify = try SocketStream.connect(unix: sockets[1])
        verify.send(Client.bytes("GET", "/verify"))
        #expect(try verify.response().status == 401)

        let login = try SocketStream.connect(unix: sockets[0])
        login.send(
            Client.bytes(
                "POST", "/api/auth", fields: ["Content-Type: application/json"],
                body: Array(#"{"username":"bob","password":"password"}"#.utf8)))
        #expect(try login.response().status == 200)

        // What a name does not stand for is not there.
        let other = try SocketStream.connect(unix: sockets[0])
        other.send(Client.bytes("GET", "/verify"))
        #expect(try other.response().status == 404)
        #expect(try program.stop() == .exited(0))
    }
}
