import CLinux
import Glibc
import Logging

/// Does what the ``LifecycleStateMachine`` says: the runner's part that is neither poll(2) nor signals.
struct ControlLoop {
    private let process: any ManagedProcess
    private let drainDeadline: Duration
    private let notifier: ServiceNotifier
    private let logger: Logger
    private var machine: LifecycleStateMachine
    /// The number of problems of the last reload, 0 after one that went well.
    private var reloadProblems = 0
    private var lastStatus = ""
    private var hasReportedNotifier = false

    init(process: any ManagedProcess, drainDeadline: Duration, notifier: ServiceNotifier, logger: Logger) {
        self.process = process
        self.drainDeadline = drainDeadline
        self.notifier = notifier
        self.logger = logger
        machine = LifecycleStateMachine(drainDeadline: drainDeadline, watchdogInterval: notifier.watchdogInterval)
    }

    var nextDeadline: Duration? { machine.nextDeadline }

    mutating func start() -> ExitReason? { perform(machine.started(now: Self.now)) }

    mutating func received(signal: Int32) -> ExitReason? {
        if signal == SIGHUP { return perform(machine.reloadRequested(now: Self.now)) }
        if signal == SIGUSR1 {
            process.report(to: logger)
            return nil
        }
        logger.info("stop requested", metadata: ["signal": "\(signal == SIGINT ? "SIGINT" : "SIGTERM")"])
        return perform(machine.stopRequested(now: Self.now))
    }

    mutating func check() -> ExitReason? {
        let process = process
        if process.wantsReload, let reason = perform(machine.reloadRequested(now: Self.now)) { return reason }
        return perform(
            machine.checked(
                isDrained: process.isDrained, isMakingProgress: process.isMakingProgress(), now: Self.now))
    }

    private mutating func perform(_ actions: [LifecycleStateMachine.Action]) -> ExitReason? {
        for action in actions {
            switch action {
            case .notifyStarted:
                logger.info("ready", metadata: ["status": "\(process.statusLine)"])
                notifyReady()
            case .notifyReloading:
                notify { try $0.reloading(monotonic: Self.now) }
            case .reload:
                reload()
                if let reason = perform(machine.reloadFinished(now: Self.now)) { return reason }
            case .notifyReloaded:
                notifyReady()
            case .notifyStopping:
                let status = newStatus()
                // A second past the deadline is for the end itself.
                let limit = drainDeadline + .seconds(1)
                notify { try $0.stopping(status: status, limit: limit) }
            case .beginDrain:
                process.beginDrain()
            case .notifyWatchdog:
                notify { try $0.watchdog() }
            case .notifyStatus:
                let before = lastStatus
                let status = newStatus()
                if status != before { notify { try $0.status(status) } }
            case .exit(let reason):
                let level: Logger.Level = reason == .drained ? .info : .warning
                logger.log(
                    level: level, "stopped",
                    metadata: ["reason": "\(reason.rawValue)", "status": "\(process.statusLine)"])
                return reason
            }
        }
        return nil
    }

    private mutating func reload() {
        do {
            try process.reload()
            reloadProblems = 0
            logger.info("reloaded", metadata: ["status": "\(process.statusLine)"])
        } catch let error as ConfigurationError {
            reloadProblems = error.problems.count
            for problem in error.problems { logger.error("configuration problem", metadata: problem.metadata) }
            logger.error("reload failed", metadata: ["problems": "\(reloadProblems)"])
        } catch {
            reloadProblems = 1
            logger.error("reload failed", metadata: ["problems": "1", "cause": "\(error)"])
        }
    }

    private mutating func notifyReady() {
        let status = newStatus()
        notify { try $0.ready(status: status) }
    }

    /// The status line of now. The failure of a reload stays in sight until one goes well.
    private mutating func newStatus() -> String {
        lastStatus = process.statusLine
        if reloadProblems > 0 {
            let count = reloadProblems == 1 ? "1 problem" : "\(reloadProblems) problems"
            lastStatus = "reload failed (\(count), see the log), what was loaded before goes on: \(lastStatus)"
        }
        return lastStatus
    }

    /// A manager that cannot be told is no reason to stop serving; said once.
    private mutating func notify(_ send: (ServiceNotifier) throws -> Void) {
        do {
            try send(notifier)
        } catch {
            if !hasReportedNotifier { logger.warning("systemd cannot be notified", metadata: ["cause": "\(error)"]) }
            hasReportedNotifier = true
        }
    }

    /// CLOCK_MONOTONIC, which is what systemd compares RELOADING=1 with.
    static var now: Duration { .nanoseconds(Int64(clamping: postern_monotonic_ns())) }

    /// Milliseconds for poll(2), rounded up so that a deadline has passed when it wakes; -1 for no deadline.
    static func pollTimeout(until deadline: Duration?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - now).components
        if seconds < 0 || attoseconds < 0 { return 0 }
        let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue + milliseconds)
    }
}
