// Unsafe code: the path of a socket goes to the shim as a C string.
import CLinux
import FoundationEssentials
import Glibc
import Shared
import Testing

@Suite("Sockets that cannot be had")
struct SocketTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["run/auth", "run/data", "state/auth", "state/data"] { try folder.makeFolder(name) }
    }

    private var socket: String { "\(folder.path)/run/data/1.sock" }

    private func arguments(run: String? = nil) -> [String] {
        [
            "--config", Project.tutorialConfiguration, "--run", run ?? "\(folder.path)/run",
            "--state", "\(folder.path)/state",
        ]
    }

    /// A data service that is ready.
    private func dataService() throws -> RunningProgram {
        let notify = try NotifySocket(in: folder)
        let program = try RunningProgram(program: "postern-data", arguments(), environment: notify.environment)
        try notify.message("READY=1", from: program)
        return program
    }

    private func posts() throws -> Message {
        let stream = try SocketStream.connect(unix: socket)
        stream.send(Client.bytes("GET", "/api/posts"))
        return try stream.response()
    }

    private func expectFailure(
        _ program: String, _ arguments: [String], _ status: Int32, _ line: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try RunningProgram.run(program: program, arguments, environment: Project.environment)
        #expect(result.status == status, sourceLocation: sourceLocation)
        #expect(result.lines == [line], sourceLocation: sourceLocation)
    }

    @Test("A path on which a live process listens is an error, and that process goes on")
    func taken() throws {
        let first = try dataService()
        try expectFailure(
            "postern-data", arguments(), 69,
            "postern-data: something is listening on \(socket). Stop it, or choose another path.")
        try posts().expect(200, Seed.allPosts)
        #expect(try first.stop() == .exited(0))
    }

    @Test("The socket of a process that was killed is replaced")
    func stale() throws {
        let first = try dataService()
        first.kill()
        #expect(folder.exists("run/data/1.sock"))
        let second = try dataService()
        try posts().expect(200, Seed.allPosts)
        #expect(try second.stop() == .exited(0))
    }

    @Test("A process that stops takes its socket with it, and nothing else of it stays")
    func removed() throws {
        #expect(try dataService().stop() == .exited(0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/run/data").isEmpty)
    }

    @Test("A file or a folder in a socket's place is not touched")
    func otherFiles() throws {
        try folder.write("precious", to: "run/data/1.sock")
        try expectFailure(
            "postern-data", arguments(), 69,
            "postern-data: \(socket) is a file, not a socket. Move it away, or choose another path.")
        #expect(FileManager.default.contents(atPath: socket).map { Array($0) } == Array("precious".utf8))
        try folder.remove("run/data/1.sock")
        try folder.makeFolder("run/data/1.sock")
        try expectFailure(
            "postern-data", arguments(), 69,
            "postern-data: \(socket) is a folder, not a socket. Move it away, or choose another path.")
    }

    @Test("A folder that is missing is named, with the mend")
    func noFolder() throws {
        try folder.remove("run/data")
        try folder.remove("run/auth")
        try expectFailure(
            "postern-data", arguments(), 69,
            "postern-data: the folder \(folder.path)/run/data of the socket \(socket) does not exist. "
                + "Create it, or let systemd do so (RuntimeDirectory= in the unit).")
        try expectFailure(
            "postern-auth", arguments(), 69,
            "postern-auth: the folder \(folder.path)/run/auth of the socket \(folder.path)/run/auth/login.sock "
                + "does not exist. Create it, or let systemd do so (RuntimeDirectory= in the unit).")
        try folder.write("", to: "run/data")
        try expectFailure(
            "postern-data", arguments(), 69,
            "postern-data: \(folder.path)/run/data, in which the socket \(socket) is to be, is no folder. "
                + "Choose another path.")
    }

    @Test("A path that is too long for a socket is an error of the configuration, in its line")
    func tooLong() throws {
        let run = "/tmp/" + String(repeating: "x", count: 100)
        func problem(_ place: String, _ key: String, _ name: String) -> String {
            "\(Project.tutorialConfiguration)/\(place): `\(key)`: the socket path \(run)/\(name) has "
                + "\(run.utf8.count + name.utf8.count + 1) bytes, and a Unix socket's has 107 at most. "
                + "Choose a shorter path."
        }
        try expectFailure(
            "postern-data", arguments(run: run), 78,
            problem("data.yaml:\(try line(of: "listen:", in: "data.yaml")):9", "listen", "data/1.sock"))
        let (status, lines) = try RunningProgram.run(
            program: "postern-gateway", ["--config", Project.tutorialConfiguration, "--run", run])
        #expect(status == 78)
        #expect(
            lines.first
                == problem(
                    "postern.yaml:\(try line(of: "verify:", in: "postern.yaml")):9", "verify", "auth/verify.sock"))
    }

    /// The line of the tutorial's `file` that begins with `text`, counted from 1.
    private func line(of text: String, in file: String) throws -> Int {
        let lines = try String(contentsOfFile: "\(Project.tutorialConfiguration)/\(file)", encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.hasPrefix(text) }) + 1
    }

    @Test("postern up puts its sockets elsewhere when the state folder's path is too long, and all works")
    func longState() throws {
        let state = "\(folder.path)/" + String(repeating: "x", count: 100)
        let program = try RunningProgram(
            program: "postern",
            ["up", "--config", Project.tutorialConfiguration, "--state", state, "--listen", "127.0.0.1:0"],
            environment: Project.environment)
        let ready = try program.line { $0.hasPrefix("ready ") }
        let port = try #require(UInt16(ready.split(separator: ":").last ?? ""))
        let said = try program.line { $0.contains("is too long for the path of a socket") }
        let sockets = try #require(said.firstMatch(of: /sockets are in (\S+):/)).1
        try Client.request(port: port, "GET", "/api/posts").expect(200, Seed.allPosts)
        #expect(try program.stop() == .exited(0))
        #expect(!FileManager.default.fileExists(atPath: String(sockets)))
    }

    @Test("A port that is taken is said by its address by the gateway, and with its holder by postern up")
    func takenPort() throws {
        let listener = unsafe postern_listen_tcp("127.0.0.1", 0, 1, false)
        try #require(listener >= 0)
        defer { close(listener) }
        var text = [CChar](repeating: 0, count: 64)
        var port: UInt16 = 0
        try #require(unsafe postern_local_address(listener, &text, text.count, &port) > 0)
        let address = "127.0.0.1:\(port)"
        try expectFailure(
            "postern-gateway", arguments() + ["--listen", address], 69,
            "postern-gateway: something is listening on \(address). Stop it, or choose another port.")
        let (status, lines) = try RunningProgram.run(
            program: "postern",
            [
                "up", "--config", Project.tutorialConfiguration, "--state", "\(folder.path)/up", "--listen", address,
            ], environment: Project.environment)
        #expect(status == 1)
        #expect(lines.count == 1)
        let holder = "(process \(getpid())) listens on it. Stop it, or choose another port: --listen 127.0.0.1:"
        #expect(lines.first?.hasPrefix("postern: port \(port) is taken: ") == true)
        #expect(lines.first?.contains(holder) == true)
    }

    @Test("An address that this machine does not have is said")
    func foreignAddress() throws {
        try expectFailure(
            "postern-gateway", arguments() + ["--listen", "192.0.2.1:0"], 69,
            "postern-gateway: this machine has no such address as 192.0.2.1:0. "
                + "Write one that ip address shows, or * for all.")
    }

    @Test("A second postern up on one state folder is told of the first")
    func takenState() throws {
        let system = try RunningSystem()
        let (status, lines) = try RunningProgram.run(
            program: "postern",
            [
                "up", "--config", Project.tutorialConfiguration, "--state", "\(system.folder.path)/state",
                "--listen", "127.0.0.1:0",
            ], environment: Project.environment)
        #expect(status == 1)
        #expect(
            lines == [
                "postern: another postern up (process \(system.program.processID)) uses \(system.folder.path)/state. "
                    + "Stop it, or name another folder with --state DIR"
            ])
        try system.request("GET", "/api/posts").expect(200, Seed.allPosts)
    }

    @Test("A store whose folder is missing is said, with status 71")
    func noStore() throws {
        try folder.remove("state")
        let (status, lines) = try RunningProgram.run(program: "postern-data", arguments())
        #expect(status == 71)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("\(folder.path)/state/data/data.db") == true)
    }
}
