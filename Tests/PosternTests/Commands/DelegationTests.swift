import Shared
import Testing

@testable import Postern

/// `postern` as a process, with small programs in place of its siblings.
@Suite("Commands that another program carries out")
struct DelegationTests {
    @Test(
        "The owner of the matter gets the arguments as they were typed, and its status is the command's",
        arguments: [
            (["explain", "--config", "c", "GET", "/x?a=b c"], "postern-gateway"), (["routes"], "postern-gateway"),
            (["reload", "--config", "c"], "postern-gateway"),
            (["user", "add", "carol", "--location", "Spain"], "postern-auth"),
            (["token", "inspect", "a.b.c"], "postern-auth"), (["session", "list"], "postern-auth"),
            (["user", "unlock", "carol"], "postern-auth"), (["backup", "auth", "a.db"], "postern-auth"),
            (["backup", "data", "a.db", "--force"], "postern-data"),
        ])
    func handedOn(arguments: [String], owner: String) throws {
        let programs = try FakePrograms()
        try programs.install(owner, "print join('|', @ARGV), \"\\n\"; exit 7;")
        let run = try RunningProgram(path: "\(programs.folder.path)/postern", arguments: arguments, environment: [:])
        #expect(run.end() == Shared.ExitStatus(rawValue: 7))
        #expect(run.lines == [arguments.joined(separator: "|")])
    }

    @Test("What is malformed is refused before any program is asked")
    func refused() throws {
        let programs = try FakePrograms()
        try programs.install("postern-gateway", "print \"asked\\n\";")
        let run = try programs.start("explain", "get", "/")
        #expect(run.end() == .usage)
        #expect(!run.lines.contains("asked"))
    }

    @Test("check asks every program, shows what each says, and ends with the worst status")
    func check() throws {
        let programs = try FakePrograms()
        try programs.install("postern-gateway", "print STDERR \"a.yaml:1: bad (@ARGV)\\n\"; exit 78;")
        try programs.install("postern-auth", "print STDERR \"auth.yaml:2: bad\\n\"; exit 1;")
        let path = "\(programs.folder.path)/config"
        let run = try programs.start("check", path)
        #expect(run.end() == .configuration)
        #expect(run.lines.contains("a.yaml:1: bad (check \(path))") && run.lines.contains("auth.yaml:2: bad"))
        #expect(run.lines.last?.contains("postern-gateway: exit status 78; postern-auth: exit status 1") == true)
    }

    @Test("check of a good configuration ends with 0")
    func goodCheck() throws {
        let programs = try FakePrograms()
        for name in ["postern-gateway", "postern-auth"] { try programs.install(name, "exit 0;") }
        let run = try programs.start("check", "\(programs.folder.path)/config")
        #expect(run.end() == .ok)
        #expect(run.lines == ["\(programs.folder.path)/config: good (checked by postern-gateway, postern-auth)"])
    }

    @Test("--version is one line")
    func version() throws {
        let run = try FakePrograms().start("--version")
        #expect(run.end() == .ok)
        #expect(run.lines == ["postern \(ProgramVersion.number)"])
    }
}
