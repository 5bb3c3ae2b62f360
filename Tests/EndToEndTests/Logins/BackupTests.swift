import FoundationEssentials
import Shared
import Testing

@Suite("Copies of the stores of a running system")
struct BackupTests {
    private let system: RunningSystem
    private let folder: TemporaryFolder

    init() throws {
        system = try RunningSystem()
        folder = try TemporaryFolder()
    }

    private func postern(_ arguments: [String], state: String) throws -> (status: Int32, lines: [String]) {
        try RunningProgram.run(
            program: "postern", arguments + ["--config", Project.tutorialConfiguration, "--state", state],
            environment: Project.environment)
    }

    private var state: String { "\(system.folder.path)/state" }

    @Test("copies that are made while accounts are added are put in place of a store, and the services start on them")
    func restore() throws {
        let hash = "$2b$04$abcdefghijklmnopqrstuuVzXPvbcYy5hJ1hXk1zJ1WQd6zQ1e2dq"
        // Many small transactions of another program.
        let script = """
            import sqlite3, sys
            store = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
            number = 0
            while True:
                store.execute("INSERT INTO users (username, name, location, password_hash) VALUES (?, ?, '', ?)",
                              (f"user{number}", "x" * 2000, sys.argv[2]))
                number += 1
                if number == 200: print("writing", flush=True)
            """
        let writer = try RunningProgram("/usr/bin/python3", ["-c", script, "\(state)/auth/auth.db", hash])
        try writer.line { $0 == "writing" }
        for name in ["auth", "data"] {
            let run = try postern(["backup", name, "\(folder.path)/\(name).db"], state: state)
            #expect(run.status == 0, "\(run.lines)")
            let again = try postern(["backup", name, "\(folder.path)/\(name).db"], state: state)
            #expect(again.status == 1 && again.lines.joined().contains("--force"))
            #expect(try postern(["backup", name, "\(folder.path)/\(name).db", "--force"], state: state).status == 0)
        }
        #expect(!writer.hasEnded)
        writer.kill()
        #expect(try system.program.stop() == .exited(0))

        // As docs/backup.md has it: the copy in the store's place, and no log beside it.
        for name in ["auth", "data"] {
            let store = "\(state)/\(name)/\(name).db"
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: store + suffix) {
                try FileManager.default.removeItem(atPath: store + suffix)
            }
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name).db", toPath: store)
        }
        let program = try RunningProgram(
            program: "postern",
            ["up", "--config", Project.tutorialConfiguration, "--state", state, "--listen", "127.0.0.1:0"],
            environment: Project.environment)
        let ready = try program.line { $0.hasPrefix("ready ") }
        let match = try #require(ready.firstMatch(of: /:(\d+)$/))
        let port = try #require(UInt16(match.1))
        let login = try Client.request(
            port: port, "POST", "/api/auth", body: #"{"username":"bob","password":"password"}"#)
        let token = try #require(login.text.wholeMatch(of: /\{"token":"([^"]+)"\}/)).output.1
        let users = try Client.request(port: port, "GET", "/api/users", fields: ["Authorization: Bearer \(token)"])
        #expect(users.status == 200 && users.text.contains("alice"))
        let list = try postern(["user", "list"], state: state)
        #expect(list.lines.contains { $0.contains("user199") })
        #expect(try program.stop() == .exited(0))
    }

    @Test("what cannot be copied is said with its status")
    func refused() throws {
        #expect(try postern(["backup", "auth", "\(state)/auth/auth.db", "--force"], state: state).status == 65)
        #expect(try postern(["backup", "auth", "\(folder.path)/x.db"], state: "\(folder.path)/none").status == 66)
        #expect(!folder.exists("x.db"))
    }
}
