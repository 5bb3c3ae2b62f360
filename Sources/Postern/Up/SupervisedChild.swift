// Unsafe: pipe(2) and read(2) write into buffers.
import Glibc
import Shared

/// How one process is started.
struct ChildPlan {
    let process: SupervisedProcess
    let path: String
    let arguments: [String]
    /// Without `NOTIFY_SOCKET`, which `SupervisedChild` adds.
    let environment: [String: String]
}

/// A child that runs, with the two ways in which it speaks: the readiness socket, and the pipe that its standard output
/// and standard error lead to.
final class SupervisedChild {
    let process: SupervisedProcess
    let processID: pid_t
    let readiness: ReadinessSocket
    /// What the child last said of itself (STATUS=).
    var status: String?
    /// The reading end of the child's output; nil after its end.
    private(set) var output: Int32?
    private var splitter = LogLineSplitter()
    /// Lines of a child that is not ready yet are held back: they are shown when it is, or as its last words.
    private var held: [[UInt8]]? = []

    private static let mostHeldLines = 200

    /// Starts the child. To be called on the main thread: the child dies with the thread that started it
    /// (PR_SET_PDEATHSIG, prctl(2)).
    init(_ plan: ChildPlan, notifySocket: String) throws(CommandFailure) {
        process = plan.process
        readiness = try ReadinessSocket(path: notifySocket)
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw CommandFailure("no pipe: \(SystemError.last("pipe").reason)") }
        let (reading, writing) = (ends[0], ends[1])
        defer { close(writing) }
        // No other thread starts programs here, so that nothing inherits the ends before this.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Only this end: the child's own writes wait for us, as they do for any reader.
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        var launch = ChildLaunch(
            path: plan.path, arguments: [plan.process.program] + plan.arguments, environment: plan.environment)
        launch.environment["NOTIFY_SOCKET"] = notifySocket
        launch.standardInput = .nothing
        launch.output = writing
        launch.hasOwnProcessGroup = true
        do {
            processID = try launch.start()
        } catch {
            close(reading)
            throw CommandFailure("\(plan.path) cannot be run: \(error.reason)", status: .cannotExecute)
        }
        output = reading
    }

    deinit { if let output { close(output) } }

    /// Reads what the child has written and returns the lines to show now.
    func readOutput() -> [[UInt8]] {
        guard let output else { return [] }
        var lines: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        // A pipe holds 64 KiB: so many turns empty it, and no more, so that no child keeps the others waiting.
        for _ in 0..<8 {
            let count = unsafe read(output, &buffer, buffer.count)
            if count > 0 {
                lines += splitter.append(buffer[..<count])
                continue
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN { break }
            close(output)
            self.output = nil
            if let rest = splitter.finish() { lines.append(rest) }
            break
        }
        guard var held else { return lines }
        held += lines
        self.held = held.suffix(Self.mostHeldLines)
        return []
    }

    /// From now on lines are shown as they come; returns those that were held back.
    func release() -> [[UInt8]] {
        defer { held = nil }
        return held ?? []
    }
}
