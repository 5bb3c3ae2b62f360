import Shared

/// The checks of one instance, one after the other, on the control side's loop.
final class HealthCheck {
    private(set) var target: HealthTarget
    private unowned let checker: HealthChecker
    private(set) var record: HealthRecord
    private var timer: LoopTimer?
    private var question: HealthQuestion?
    private var startedAt: UInt64 = 0
    /// What the instance had served at the last check.
    private var requests: UInt64 = 0

    init(_ target: HealthTarget, _ checker: HealthChecker) {
        self.target = target
        self.checker = checker
        let isUp = target.state.isUp
        record = HealthRecord(isUp ? .assumed : target.state.isJoining ? .joining : .down)
        timer = LoopTimer(loop: checker.loop) { [unowned self] in begin() }
        requests = target.state.requests
        // The first at once.
        timer?.set(checker.loop.now)
    }

    deinit { timer?.invalidate() }

    /// Goes by another rule from the next check on.
    func use(_ target: HealthTarget) {
        let isOther = target.rule != self.target.rule
        self.target = target
        if isOther, question == nil { timer?.set(checker.loop.now) }
    }

    func stop() {
        timer?.invalidate()
        timer = nil
        question?.cancel()
        question = nil
    }

    private func begin() {
        startedAt = checker.loop.now
        // Who is down gets no request, and must be asked to be found well again.
        guard target.isCheckedWhenIdle || isInUse || record.phase == .down else { return rest() }
        requests = target.state.requests
        checker.counters.count(.check)
        let question = HealthQuestion(target, loop: checker.loop) { [unowned self] in end($0) }
        self.question = question
        question.start()
    }

    /// Somebody has asked it for something since the last check, or does so now.
    private var isInUse: Bool { target.state.inFlight > 0 || target.state.requests != requests }

    private func rest() {
        let next = startedAt + target.rule.pause(checker.chance())
        timer?.set(max(next, checker.loop.now + 1_000_000))
    }

    private func end(_ result: HealthQuestion.Result) {
        question = nil
        let change: HealthRecord.Change?
        var reason = ""
        switch result {
        case .passed:
            change = record.passed(target.rule)
        case .failed(let why):
            checker.counters.count(.failure)
            change = record.failed(target.rule)
            reason = why
        case .unasked:
            change = nil
        }
        if let change {
            if change != .down { target.state.joinedAt = checker.loop.now }
            target.state.isUp = change != .down
            checker.tell(change, target, reason)
        }
        rest()
    }
}
