import Glibc
import Testing

@testable import Shared

@Suite("Starting a child process")
struct ChildLaunchTests {
    @Test("The child gets the arguments and the environment that it is given, and no others")
    func argumentsAndEnvironment() throws {
        let output = try run(
            script: "echo \"$0 $1 $A [$HOME]\"", arguments: ["name", "one"], environment: ["A": "b c"])
        #expect(output == "name one b c []\n")
    }

    @Test("Standard input can be nothing")
    func nothingToRead() throws {
        var launch = launch(script: "cat; echo end")
        launch.standardInput = .nothing
        #expect(try run(launch).output == "end\n")
    }

    @Test("Standard error goes where standard output goes")
    func bothOutputs() throws {
        #expect(try run(script: "echo out; echo err >&2") == "out\nerr\n")
    }

    @Test("A group of its own keeps the terminal's signals away")
    func ownProcessGroup() throws {
        var launch = launch(script: "kill -0 -$$ && echo own")
        launch.hasOwnProcessGroup = true
        #expect(try run(launch).output == "own\n")
    }

    @Test("Signals that this process blocks reach the child")
    func signalsAreUnblocked() throws {
        var before = sigset_t()
        var blocked = sigset_t()
        unsafe sigemptyset(&blocked)
        unsafe sigaddset(&blocked, SIGUSR1)
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        #expect(try run(launch(script: "kill -USR1 $$; echo survived")).end == .killed(signal: SIGUSR1))
    }

    @Test("A program that is not there is an error with its number")
    func missingProgram() {
        #expect(throws: SystemError("posix_spawn", code: ENOENT)) {
            try ChildLaunch(path: "/nowhere/at/all", arguments: ["x"], environment: [:]).start()
        }
    }

    @Test(
        "An end is read as a status or a signal",
        arguments: [("exit 3", Shared.ExitStatus(rawValue: 3)), ("kill -9 $$", .signal(9))])
    func end(script: String, status: Shared.ExitStatus) throws {
        let end = try run(launch(script: script)).end
        #expect(end?.status == status)
    }

    @Test("A process that is no child has no end to wait for")
    func noChild() {
        #expect(ChildEnd.wait(for: 1) == nil)
        #expect(ChildEnd.poll(1) == nil)
    }

    private func launch(
        script: String, arguments: [String] = ["sh"], environment: [String: String] = [:]
    ) -> ChildLaunch {
        ChildLaunch(path: "/bin/sh", arguments: ["sh", "-c", script] + arguments, environment: environment)
    }

    private func run(script: String, arguments: [String] = ["sh"], environment: [String: String] = [:]) throws -> String
    {
        try run(launch(script: script, arguments: arguments, environment: environment)).output
    }

    private func run(_ given: ChildLaunch) throws -> (output: String, end: ChildEnd?) {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var launch = given
        launch.output = ends[1]
        let child = try launch.start()
        close(ends[1])
        defer { close(ends[0]) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = unsafe read(ends[0], &buffer, buffer.count), count > 0 { output += buffer[..<count] }
        return (String(decoding: output, as: UTF8.self), ChildEnd.wait(for: child))
    }
}
