// Unsafe: poll(2) takes an array of pollfd.
import CLinux
import Glibc
import Shared

/// Runs what `SupervisorStateMachine` decides: one thread, one poll(2) over the children's readiness sockets, their
/// output, and the signals. Stays on the main thread from beginning to end (see `SupervisedChild`).
final class Supervisor {
    struct Limits {
        /// How long all processes together may take until they are ready.
        var start: Duration = .seconds(60)
        /// How long they may take to stop after SIGTERM, before SIGKILL: they drain.
        var stop: Duration = .seconds(15)
    }

    private let plans: [ChildPlan]
    private let notifyFolder: String
    private let console: Console
    private let limits: Limits
    /// Called once when all are ready, with the gateway's process id.
    private let whenReady: (_ gateway: pid_t?) -> Void

    private var machine: SupervisorStateMachine
    private var children: [SupervisedProcess: SupervisedChild] = [:]
    private var prefixes: [SupervisedProcess: LogPrefix] = [:]
    private var deadline: (kind: SupervisorStateMachine.Deadline, at: UInt64) = (.none, 0)
    private var finalStatus: ExitStatus?

    /// `notifyFolder` holds the readiness sockets and must be this user's alone.
    init(
        plans: [ChildPlan], notifyFolder: String, console: Console, limits: Limits = Limits(),
        whenReady: @escaping (_ gateway: pid_t?) -> Void
    ) {
        self.plans = plans
        self.notifyFolder = notifyFolder
        self.console = console
        self.limits = limits
        self.whenReady = whenReady
        let processes = plans.map(\.process)
        machine = SupervisorStateMachine(processes: processes)
        for process in processes { prefixes[process] = console.prefix(of: process, among: processes) }
    }

    /// Starts everything, looks after it until it ends, and returns the exit status.
    func run() throws(CommandFailure) -> ExitStatus {
        let signals = [SIGINT, SIGTERM, SIGHUP, SIGCHLD]
        let signalDescriptor = unsafe postern_signalfd(signals, Int32(signals.count))
        guard signalDescriptor >= 0 else {
            throw CommandFailure("no descriptor for signals: \(SystemError.last("signalfd").reason)")
        }
        defer { close(signalDescriptor) }
        _ = postern_ignore_sigpipe()

        perform(machine.begin())
        while finalStatus == nil {
            wait(for: signalDescriptor)
            readReadiness()
            showOutput()
            readSignals(signalDescriptor)
            checkDeadline()
        }
        return finalStatus ?? .failure
    }

    // MARK: What comes in

    /// In the order of the plans.
    private var running: [SupervisedChild] { plans.compactMap { children[$0.process] } }

    private func wait(for signalDescriptor: Int32) {
        let descriptors =
            [signalDescriptor] + running.map(\.readiness.descriptor) + running.compactMap(\.output)
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&polled, nfds_t(polled.count), millisecondsLeft)
    }

    private func readReadiness() {
        for child in running {
            while let message = child.readiness.receive() {
                if let status = message.status { child.status = status }
                if message.isReady { perform(machine.ready(child.process)) }
            }
        }
    }

    private func showOutput() {
        for child in running { show(child.readOutput(), of: child.process) }
    }

    private func readSignals(_ descriptor: Int32) {
        while true {
            switch postern_signalfd_read(descriptor) {
            case 0: return
            case SIGCHLD: reap()
            default: perform(machine.stopRequested())
            }
        }
    }

    /// One SIGCHLD may stand for several deaths.
    private func reap() {
        for child in running {
            guard let end = ChildEnd.poll(child.processID) else { continue }
            // Its last words first.
            show(child.readOutput(), of: child.process)
            perform(machine.ended(child.process, end))
            children[child.process] = nil
        }
    }

    private func checkDeadline() {
        guard deadline.kind != .none, postern_monotonic_ns() >= deadline.at else { return }
        deadline.kind = .none
        perform(machine.deadlinePassed())
    }

    private var millisecondsLeft: Int32 {
        guard deadline.kind != .none else { return -1 }
        let now = postern_monotonic_ns()
        return now >= deadline.at ? 0 : Int32(clamping: (deadline.at - now) / 1_000_000 + 1)
    }

    // MARK: What goes out

    private func perform(_ actions: [SupervisorStateMachine.Action]) {
        var notStarted: [SupervisedProcess] = []
        for action in actions {
            switch action {
            case .start(let process): if !start(process) { notStarted.append(process) }
            case .terminate(let process): signal(process, SIGTERM)
            case .kill(let process): signal(process, SIGKILL)
            case .setDeadline(let kind): setDeadline(kind)
            case .report(let report): tell(report)
            case .finish(let status): finalStatus = status
            }
        }
        for process in notStarted { perform(machine.ended(process, .exited(ExitStatus.cannotExecute.rawValue))) }
    }

    private func start(_ process: SupervisedProcess) -> Bool {
        guard let plan = plans.first(where: { $0.process == process }) else { return false }
        do {
            children[process] = try SupervisedChild(plan, notifySocket: "\(notifyFolder)/\(process.label)")
            return true
        } catch {
            console.complain(error.description)
            return false
        }
    }

    /// A child that has not been waited for keeps its process id, so that the signal cannot reach a stranger.
    private func signal(_ process: SupervisedProcess, _ number: Int32) {
        if let child = children[process] { kill(child.processID, number) }
    }

    private func setDeadline(_ kind: SupervisorStateMachine.Deadline) {
        let limit: Duration
        switch kind {
        case .start: limit = limits.start
        case .stop: limit = limits.stop
        case .none: limit = .zero
        }
        let (seconds, attoseconds) = limit.components
        deadline = (
            kind, postern_monotonic_ns() + UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
        )
    }

    private func show(_ lines: [[UInt8]], of process: SupervisedProcess) {
        guard let prefix = prefixes[process] else { return }
        for line in lines { console.log(prefix.line(line)) }
    }

    /// Shows what was held back of `process`; says so if that is nothing.
    private func showLastWords(of process: SupervisedProcess) {
        let lines = children[process]?.release() ?? []
        show(lines, of: process)
        if lines.isEmpty { console.complain("\(process) wrote nothing") }
    }

    private func tell(_ report: SupervisorStateMachine.Report) {
        switch report {
        case .ready(let process):
            show(children[process]?.release() ?? [], of: process)
            let child = children[process]
            console.say(
                "\(process) is ready (process \(child?.processID ?? 0))" + (child?.status.map { ": \($0)" } ?? ""))
        case .allReady:
            whenReady(children[.gateway]?.processID)
        case .diedAtStart(let process, let end):
            showLastWords(of: process)
            console.complain("\(process) did not start: \(end); what it said is above")
        case .died(let process, let end):
            console.complain("\(process) has ended by itself (\(end)); stopping the others")
        case .notReadyInTime(let processes):
            for process in processes { showLastWords(of: process) }
            console.complain(
                "not ready after \(limits.start.components.seconds) seconds: "
                    + processes.map(\.description).joined(separator: ", "))
        case .stopping:
            console.say("stopping")
        case .notStoppedInTime(let processes):
            console.complain(
                "killed, because not stopped after \(limits.stop.components.seconds) seconds: "
                    + processes.map(\.description).joined(separator: ", "))
        }
    }
}
