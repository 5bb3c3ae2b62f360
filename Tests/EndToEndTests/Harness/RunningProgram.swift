// Unsafe code: socketpair(2), read(2) and waitid(2) write where pointers say.
import Glibc
import Shared
import Testing

/// A program that runs, with all that it writes. It does not outlive this object, nor the tests: whoever dies, the
/// kernel ends it.
final class RunningProgram: Sendable {
    struct State: Sendable {
        var processID: pid_t?
        /// What it wrote to standard output and standard error.
        var lines: [String] = []
        var end: ChildEnd?
        var failure: String?
    }

    let name: String
    let processID: pid_t
    private let state: Monitor<State>

    /// Starts the program at `path` with nothing on standard input.
    init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        name = path.split(separator: "/").last.map(String.init) ?? path
        // setpriv becomes the program; the kernel remembers the signal.
        var launch = ChildLaunch(
            path: "/usr/bin/setpriv", arguments: ["setpriv", "--pdeathsig", "KILL", path] + arguments,
            environment: environment)
        launch.environment["PATH"] = "/usr/bin:/bin"
        launch.standardInput = .nothing
        let keeper = ProgramKeeper(launch: launch)
        state = keeper.state
        // The kernel means the thread that starts a program: this one lives until the program has ended.
        try TestThread.start("keeper") { keeper.run() }
        let started = keeper.state.wait { $0.processID.map(Result.success) ?? $0.failure.map { .failure(Failure($0)) } }
        processID = try #require(started).get()
    }

    convenience init(program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        try self.init(try Project.program(program), arguments, environment: environment)
    }

    deinit { kill() }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// All lines so far.
    var lines: [String] { state.value.lines }
    var text: String { lines.joined(separator: "\n") }
    var hasEnded: Bool { state.value.end != nil }

    /// Waits for a line, from the `first` on, for which `condition` holds.
    @discardableResult
    func line(from first: Int = 0, where condition: (String) -> Bool) throws -> String {
        let found = state.wait { state -> String?? in
            if let line = state.lines.dropFirst(first).first(where: condition) { return .some(line) }
            return state.end == nil ? nil : .some(nil)
        }
        guard let line = found ?? nil else { throw Failure("\(name) did not write the line; it wrote:\n\(text)") }
        return line
    }

    /// Waits for the end of the program.
    func end() throws -> ChildEnd {
        guard let end = state.wait(for: { $0.end }) else { throw Failure("\(name) does not end; it wrote:\n\(text)") }
        return end
    }

    func signal(_ number: Int32) {
        // Until it has been waited for, which is told in the same breath, the number is no other process's.
        state.change { state in if state.end == nil { Glibc.kill(processID, number) } }
    }

    /// SIGTERM, and the end.
    func stop() throws -> ChildEnd {
        signal(SIGTERM)
        return try end()
    }

    func kill() {
        signal(SIGKILL)
        _ = state.wait { $0.end }
    }

    /// Runs a program to its end.
    static func run(
        program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, lines: [String]) {
        let running = try RunningProgram(program: program, arguments, environment: environment)
        return (try running.end().status.rawValue, running.lines)
    }
}

/// Starts a program, reads what it writes, and waits for it; on one thread.
private struct ProgramKeeper: Sendable {
    let launch: ChildLaunch
    let state = Monitor(RunningProgram.State())

    func run() {
        var ends: [Int32] = [-1, -1]
        // Not pipe(2): what another test starts at the same time must not inherit an end.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return fail("socketpair: errno \(errno)") }
        var launch = launch
        launch.output = ends[1]
        let processID: pid_t
        do {
            processID = try launch.start()
        } catch {
            for end in ends { close(end) }
            return fail("\(launch.arguments): \(error)")
        }
        close(ends[1])
        state.change { $0.processID = processID }
        read(ends[0])
        close(ends[0])
        reap(processID)
    }

    private func fail(_ text: String) {
        state.change { $0.failure = text }
    }

    private func read(_ descriptor: Int32) {
        var pending: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            pending += buffer[..<count]
            var lines: [String] = []
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: pending[..<end], as: UTF8.self))
                pending.removeSubrange(...end)
            }
            state.change { $0.lines += lines }
        }
        if !pending.isEmpty { state.change { $0.lines.append(String(decoding: pending, as: UTF8.self)) } }
    }

    private func reap(_ processID: pid_t) {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        state.change { $0.end = ChildEnd.wait(for: processID) }
    }
}
