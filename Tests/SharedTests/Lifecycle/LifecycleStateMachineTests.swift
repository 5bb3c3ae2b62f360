import Testing

@testable import Shared

@Suite("lifecycle state machine")
struct LifecycleStateMachineTests {
    private func running(watchdog: Duration? = nil) -> LifecycleStateMachine {
        var machine = LifecycleStateMachine(drainDeadline: .seconds(30), watchdogInterval: watchdog)
        #expect(machine.started(now: .zero) == [.notifyStarted])
        return machine
    }

    @Test("a reload is told, done, and told again")
    func reload() {
        var machine = running()
        #expect(machine.reloadRequested(now: .seconds(1)) == [.notifyReloading, .reload])
        #expect(machine.reloadFinished(now: .seconds(2)) == [.notifyReloaded])
        #expect(machine.reloadRequested(now: .seconds(3)) == [.notifyReloading, .reload])
    }

    @Test("a stop drains, and ends when nothing is left")
    func drain() {
        var machine = running()
        #expect(machine.stopRequested(now: .seconds(1)) == [.notifyStopping, .beginDrain])
        #expect(machine.nextDeadline == .seconds(31))
        #expect(machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(2)) == [.notifyStatus])
        #expect(machine.checked(isDrained: true, isMakingProgress: true, now: .seconds(3)) == [.exit(.drained)])
        #expect(machine.nextDeadline == nil)
    }

    @Test("a drain ends at its deadline with work left")
    func deadline() {
        var machine = running()
        _ = machine.stopRequested(now: .seconds(1))
        #expect(
            machine.checked(isDrained: false, isMakingProgress: true, now: .milliseconds(30_999)) == [.notifyStatus])
        #expect(
            machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(31)) == [.exit(.deadlinePassed)])
    }

    @Test("work that is done at the deadline is drained, not cut off")
    func drainedAtDeadline() {
        var machine = running()
        _ = machine.stopRequested(now: .zero)
        #expect(machine.checked(isDrained: true, isMakingProgress: true, now: .seconds(30)) == [.exit(.drained)])
    }

    @Test("a second stop ends at once, a third does nothing")
    func secondStop() {
        var machine = running()
        _ = machine.stopRequested(now: .zero)
        #expect(machine.stopRequested(now: .seconds(1)) == [.exit(.stoppedAtOnce)])
        #expect(machine.stopRequested(now: .seconds(1)) == [])
        #expect(machine.checked(isDrained: true, isMakingProgress: true, now: .seconds(1)) == [])
    }

    @Test("a reload is ignored while draining")
    func reloadWhileDraining() {
        var machine = running()
        _ = machine.stopRequested(now: .zero)
        #expect(machine.reloadRequested(now: .seconds(1)) == [])
        #expect(machine.reloadFinished(now: .seconds(1)) == [])
    }

    @Test("whether anything is left is asked only while draining")
    func drainedWhileRunning() {
        var machine = running()
        var asked = false
        func isDrained() -> Bool {
            asked = true
            return true
        }
        #expect(machine.checked(isDrained: isDrained(), isMakingProgress: true, now: .seconds(1)) == [.notifyStatus])
        #expect(!asked)
    }

    @Test("a sign of life is given at half of the interval, while there is progress")
    func watchdog() {
        var machine = running(watchdog: .seconds(8))
        #expect(machine.nextDeadline == .seconds(4))
        #expect(machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(3)) == [.notifyStatus])
        #expect(
            machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(4)) == [
                .notifyStatus, .notifyWatchdog,
            ])
        #expect(machine.nextDeadline == .seconds(8))
        #expect(machine.checked(isDrained: false, isMakingProgress: false, now: .seconds(8)) == [.notifyStatus])
        #expect(machine.nextDeadline == .seconds(9), "asked again soon after a no")
        #expect(
            machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(9)) == [
                .notifyStatus, .notifyWatchdog,
            ])
    }

    @Test("the watchdog is answered while draining too")
    func watchdogWhileDraining() {
        var machine = running(watchdog: .seconds(8))
        _ = machine.stopRequested(now: .seconds(1))
        #expect(machine.nextDeadline == .seconds(4))
        #expect(
            machine.checked(isDrained: false, isMakingProgress: true, now: .seconds(4)) == [
                .notifyStatus, .notifyWatchdog,
            ])
    }

    @Test("progress is not asked for without a watchdog")
    func noWatchdog() {
        var machine = running()
        #expect(machine.nextDeadline == nil)
        var asked = false
        func isMakingProgress() -> Bool {
            asked = true
            return true
        }
        _ = machine.checked(isDrained: false, isMakingProgress: isMakingProgress(), now: .seconds(100))
        #expect(!asked)
    }
}
