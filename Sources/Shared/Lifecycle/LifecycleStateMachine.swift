/// The life of a process from its start to its end, without signals, descriptors or a clock.
///
/// Every event is a method; it takes the time and returns what is to be done, in this order. Times are of one
/// monotonic clock, counted from any start.
package struct LifecycleStateMachine: Sendable {
    package enum Action: Sendable, Equatable {
        /// Tell the manager and the log that start-up is over.
        case notifyStarted
        case notifyReloading
        /// Reload, then call ``LifecycleStateMachine/reloadFinished(now:)``.
        case reload
        /// Tell the manager that the reload is over, well or not.
        case notifyReloaded
        case notifyStopping
        case beginDrain
        case notifyWatchdog
        /// Tell the manager the status line where it has changed.
        case notifyStatus
        case exit(ExitReason)
    }

    private enum State: Equatable {
        case starting
        case running
        case reloading
        case draining(deadline: Duration)
        case ended
    }

    private let drainDeadline: Duration
    private let watchdogInterval: Duration?
    private var state = State.starting
    private var nextWatchdog: Duration?

    /// - Parameters:
    ///   - drainDeadline: how long a drain may take.
    ///   - watchdogInterval: within which the manager wants a sign of life; nil for no watchdog.
    package init(drainDeadline: Duration, watchdogInterval: Duration?) {
        self.drainDeadline = drainDeadline
        self.watchdogInterval = watchdogInterval
    }

    /// Start-up is over.
    package mutating func started(now: Duration) -> [Action] {
        guard state == .starting else { return [] }
        state = .running
        nextWatchdog = watchdogInterval.map { now + $0 / 2 }
        return [.notifyStarted]
    }

    /// SIGHUP. Ignored while the process is going down.
    package mutating func reloadRequested(now: Duration) -> [Action] {
        guard state == .running else { return [] }
        state = .reloading
        return [.notifyReloading, .reload]
    }

    /// The reload ended, well or not.
    package mutating func reloadFinished(now: Duration) -> [Action] {
        guard state == .reloading else { return [] }
        state = .running
        return [.notifyReloaded]
    }

    /// SIGTERM or SIGINT. The second one ends the process at once.
    package mutating func stopRequested(now: Duration) -> [Action] {
        switch state {
        case .starting, .running, .reloading:
            state = .draining(deadline: now + drainDeadline)
            return [.notifyStopping, .beginDrain]
        case .draining:
            state = .ended
            return [.exit(.stoppedAtOnce)]
        case .ended:
            return []
        }
    }

    /// Something woke the loop, or ``nextDeadline`` has come. The questions are asked only where the answer counts.
    package mutating func checked(
        isDrained: @autoclosure () -> Bool, isMakingProgress: @autoclosure () -> Bool, now: Duration
    ) -> [Action] {
        if case .draining(let deadline) = state {
            if isDrained() { return end(.drained) }
            if now >= deadline { return end(.deadlinePassed) }
        }
        guard state != .starting, state != .ended else { return [] }
        var actions: [Action] = [.notifyStatus]
        if let interval = watchdogInterval, let due = nextWatchdog, now >= due {
            let isAlive = isMakingProgress()
            if isAlive { actions.append(.notifyWatchdog) }
            // After a no the question comes sooner: a loop that was only busy is to be found alive in time.
            nextWatchdog = now + (isAlive ? interval / 2 : interval / 8)
        }
        return actions
    }

    /// When ``checked(isDrained:isMakingProgress:now:)`` is due at the latest; nil when nothing is to be waited for.
    package var nextDeadline: Duration? {
        switch state {
        case .draining(let deadline): min(deadline, nextWatchdog ?? deadline)
        case .ended: nil
        case .starting, .running, .reloading: nextWatchdog
        }
    }

    private mutating func end(_ reason: ExitReason) -> [Action] {
        state = .ended
        return [.exit(reason)]
    }
}
