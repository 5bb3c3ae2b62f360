import FoundationEssentials
import Shared
import Testing

/// A gateway and an auth service of one configuration, the second of which can be started again beside its gateway.
final class LoginFixture {
    let folder: TemporaryFolder
    private(set) var auth: RunningProgram
    private let gateway: RunningProgram
    let port: UInt16

    /// - Parameter settings: lines of `auth.yaml` beside those for sockets and store.
    init(_ settings: String) throws {
        folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        for name in ["run/auth", "run/data", "state/auth"] { try folder.makeFolder(name) }
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:auth/auth.db
            seed: tutorial
            policy: {short_hmac_keys: accept}

            """ + settings, to: "config/auth.yaml")
        auth = try Self.start("postern-auth", in: folder)
        gateway = try Self.start("postern-gateway", "--listen", "127.0.0.1:0", in: folder)
        let line = try gateway.line { $0.contains("listening listener=") }
        let match = try #require(line.firstMatch(of: /listener=127\.0\.0\.1:(\d+)/))
        port = try #require(UInt16(match.1))
    }

    var store: String { "\(folder.path)/state/auth/auth.db" }

    func restartAuth() throws {
        #expect(try auth.stop() == .exited(0))
        auth = try Self.start("postern-auth", in: folder)
    }

    /// Runs `postern` on this configuration.
    @discardableResult
    func postern(_ arguments: String...) throws -> (status: Int32, lines: [String]) {
        try RunningProgram.run(
            program: "postern",
            arguments + ["--config", "\(folder.path)/config", "--state", "\(folder.path)/state"],
            environment: Project.environment)
    }

    /// What became of one login.
    struct Answer: Equatable {
        let status: Int
        /// Seconds; nil without the field.
        let retryAfter: Int?
        let text: String
    }

    func login(_ name: String, _ password: String, from address: String = "127.0.0.1") throws -> Answer {
        try #require(try logins(name, [password], from: address).first)
    }

    /// Logs in with each password, on a connection and a thread of its own, all at once.
    func logins(_ name: String, _ passwords: [String], from address: String = "127.0.0.1") throws -> [Answer] {
        let run = try RunningProgram(
            "/usr/bin/python3", ["-c", Self.client, "\(port)", address, name] + passwords)
        #expect(try run.end() == .exited(0), "\(run.lines)")
        return run.lines.map { line in
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            return Answer(status: Int(parts[0]) ?? 0, retryAfter: Int(parts[1]), text: parts[2])
        }
    }

    private static let client = """
        import http.client, json, sys, threading
        port, address, name, *passwords = sys.argv[1:]
        def login(password):
            client = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60, source_address=(address, 0))
            client.request("POST", "/api/auth", json.dumps({"username": name, "password": password}))
            answer = client.getresponse()
            print(answer.status, answer.headers.get("Retry-After", ""), answer.read().decode(), sep="\\t")
        threads = [threading.Thread(target=login, args=(password,)) for password in passwords]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """

    /// What SQLite answers, a line a row.
    func query(_ sql: String) throws -> [String] {
        let script = """
            import sqlite3, sys
            with sqlite3.connect(sys.argv[1], timeout=10) as store:
                for row in store.execute(sys.argv[2]): print(*row)
            """
        let run = try RunningProgram("/usr/bin/python3", ["-c", script, store, sql])
        #expect(try run.end() == .exited(0), "\(run.lines)")
        return run.lines
    }

    private static func start(
        _ program: String, _ arguments: String..., in folder: TemporaryFolder
    ) throws -> RunningProgram {
        let notify = try NotifySocket(in: folder)
        let running = try RunningProgram(
            program: program,
            ["--config", "\(folder.path)/config", "--run", "\(folder.path)/run", "--state", "\(folder.path)/state"]
                + arguments, environment: Project.environment.merging(notify.environment) { $1 })
        try notify.message("READY=1", from: running)
        return running
    }
}
