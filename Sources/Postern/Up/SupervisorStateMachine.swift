import Shared

/// Decides what `postern up` does: which process starts and stops when, and with what status it all ends. Pure: events
/// come in, actions go out, `Supervisor` carries them out in their order.
struct SupervisorStateMachine {
    enum Action: Equatable {
        case start(SupervisedProcess)
        case terminate(SupervisedProcess)
        case kill(SupervisedProcess)
        /// Replaces the deadline that was set before.
        case setDeadline(Deadline)
        case report(Report)
        /// All processes are gone: leave with this status.
        case finish(status: ExitStatus)
    }

    enum Deadline: Equatable { case start, stop, none }

    /// What a person is told.
    enum Report: Equatable {
        case ready(SupervisedProcess)
        case allReady
        case diedAtStart(SupervisedProcess, ChildEnd)
        case died(SupervisedProcess, ChildEnd)
        case notReadyInTime([SupervisedProcess])
        case stopping
        case notStoppedInTime([SupervisedProcess])
    }

    private enum Phase: Equatable { case idle, starting, running, stopping, finished }
    private enum ProcessState { case waiting, starting, ready, stopping, gone }

    private let processes: [SupervisedProcess]
    private var states: [SupervisedProcess: ProcessState] = [:]
    private var phase = Phase.idle
    private var status = ExitStatus.ok

    init(processes: [SupervisedProcess]) {
        self.processes = processes
        for process in processes { states[process] = .waiting }
    }

    /// The beginning.
    mutating func begin() -> [Action] {
        guard phase == .idle else { return [] }
        phase = .starting
        return [.setDeadline(.start)] + startNextStage()
    }

    /// `process` said READY=1 (sd_notify(3)). What it says twice, or after its time, changes nothing.
    mutating func ready(_ process: SupervisedProcess) -> [Action] {
        guard phase == .starting, states[process] == .starting else { return [] }
        states[process] = .ready
        let told = Action.report(.ready(process))
        guard !processes.contains(where: { states[$0] == .starting }) else { return [told] }
        let next = startNextStage()
        guard next.isEmpty else { return [told] + next }
        phase = .running
        return [told, .setDeadline(.none), .report(.allReady)]
    }

    /// `process` is gone, or could not be started at all.
    mutating func ended(_ process: SupervisedProcess, _ end: ChildEnd) -> [Action] {
        let before = states.updateValue(.gone, forKey: process)
        switch phase {
        case .starting:
            // A process that ends well before it was ready has failed all the same.
            let isReady = before == .ready
            return stop(
                status: isReady || end.status == .ok ? .failure : end.status,
                saying: isReady ? .died(process, end) : .diedAtStart(process, end))
        case .running:
            return stop(status: .failure, saying: .died(process, end))
        case .stopping:
            return stopNextStage()
        case .idle, .finished:
            return []
        }
    }

    /// Ctrl-C, SIGTERM or SIGHUP. The first one stops in order, a second one at once.
    mutating func stopRequested() -> [Action] {
        switch phase {
        case .idle:
            phase = .finished
            return [.finish(status: status)]
        case .starting, .running: return stop(status: .ok, saying: .stopping)
        case .stopping: return killAll()
        case .finished: return []
        }
    }

    /// The deadline that was set last has passed.
    mutating func deadlinePassed() -> [Action] {
        switch phase {
        case .starting:
            return stop(
                status: .failure, saying: .notReadyInTime(processes.filter { states[$0] == .starting }))
        case .stopping:
            if status == .ok { status = .failure }
            return [.setDeadline(.none), .report(.notStoppedInTime(alive))] + killAll()
        case .idle, .running, .finished: return []
        }
    }

    private var alive: [SupervisedProcess] {
        processes.filter { states[$0] != .waiting && states[$0] != .gone }
    }

    private mutating func startNextStage() -> [Action] {
        let waiting = processes.filter { states[$0] == .waiting }
        guard let stage = waiting.map(\.startStage).min() else { return [] }
        return waiting.filter { $0.startStage == stage }.map { process in
            states[process] = .starting
            return .start(process)
        }
    }

    private mutating func stop(status: ExitStatus, saying report: Report) -> [Action] {
        phase = .stopping
        self.status = status
        return [.report(report), .setDeadline(.stop)] + stopNextStage()
    }

    private mutating func stopNextStage() -> [Action] {
        guard let stage = alive.map(\.stopStage).min() else {
            phase = .finished
            return [.setDeadline(.none), .finish(status: status)]
        }
        return alive.filter { $0.stopStage == stage && states[$0] != .stopping }.map { process in
            states[process] = .stopping
            return .terminate(process)
        }
    }

    private mutating func killAll() -> [Action] {
        alive.map { process in
            states[process] = .stopping
            return .kill(process)
        }
    }
}
