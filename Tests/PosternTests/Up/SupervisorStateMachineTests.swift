import Shared
import Testing

@testable import Postern

@Suite("What postern up decides")
struct SupervisorStateMachineTests {
    private typealias Machine = SupervisorStateMachine

    private let auth = SupervisedProcess.auth
    private let one = SupervisedProcess.data(instance: 1)
    private let two = SupervisedProcess.data(instance: 2)
    private let gateway = SupervisedProcess.gateway

    private func idle() -> Machine { Machine(processes: SupervisedProcess.all(dataInstances: 2)) }

    private func running() -> Machine {
        var machine = idle()
        _ = machine.begin()
        for process in SupervisedProcess.all(dataInstances: 2) { _ = machine.ready(process) }
        return machine
    }

    @Test("auth and data start together, the gateway when they are all ready, and then all is ready")
    func start() {
        var machine = idle()
        #expect(machine.begin() == [.setDeadline(.start), .start(auth), .start(one), .start(two)])
        #expect(machine.ready(two) == [.report(.ready(two))])
        #expect(machine.ready(auth) == [.report(.ready(auth))])
        #expect(machine.ready(one) == [.report(.ready(one)), .start(gateway)])
        #expect(machine.ready(gateway) == [.report(.ready(gateway)), .setDeadline(.none), .report(.allReady)])
    }

    @Test("What is said twice, or before its time, changes nothing")
    func repeats() {
        var machine = idle()
        #expect(machine.ready(auth) == [])
        _ = machine.begin()
        #expect(machine.begin() == [])
        _ = machine.ready(auth)
        #expect(machine.ready(auth) == [])
        #expect(machine.ready(gateway) == [])
    }

    @Test("A request to stop ends the gateway first, then data, then auth, each after the one before is gone")
    func stop() {
        var machine = running()
        #expect(machine.stopRequested() == [.report(.stopping), .setDeadline(.stop), .terminate(gateway)])
        #expect(machine.ended(gateway, .exited(0)) == [.terminate(one), .terminate(two)])
        #expect(machine.ended(two, .exited(0)) == [])
        #expect(machine.ended(one, .exited(0)) == [.terminate(auth)])
        #expect(machine.ended(auth, .exited(0)) == [.setDeadline(.none), .finish(status: .ok)])
    }

    @Test("A second request kills all that is left, and the status is still that of a stop on request")
    func secondRequest() {
        var machine = running()
        _ = machine.stopRequested()
        _ = machine.ended(gateway, .exited(0))
        #expect(machine.stopRequested() == [.kill(auth), .kill(one), .kill(two)])
        _ = machine.ended(auth, .killed(signal: 9))
        _ = machine.ended(one, .killed(signal: 9))
        #expect(machine.ended(two, .killed(signal: 9)).last == .finish(status: .ok))
    }

    @Test("What has not stopped by the deadline is killed, which is a failure")
    func stopDeadline() {
        var machine = running()
        _ = machine.stopRequested()
        #expect(
            machine.deadlinePassed()
                == [
                    .setDeadline(.none), .report(.notStoppedInTime([auth, one, two, gateway])),
                    .kill(auth), .kill(one), .kill(two), .kill(gateway),
                ])
        for process in [auth, one, two] { _ = machine.ended(process, .killed(signal: 9)) }
        #expect(machine.ended(gateway, .killed(signal: 9)).last == .finish(status: .failure))
    }

    @Test(
        "A process that dies at start-up stops the others and lends its status",
        arguments: [
            (ChildEnd.exited(78), Shared.ExitStatus.configuration), (.killed(signal: 11), .signal(11)),
            (.exited(0), .failure),
        ])
    func deathAtStart(end: ChildEnd, status: Shared.ExitStatus) {
        var machine = idle()
        _ = machine.begin()
        _ = machine.ready(one)
        #expect(
            machine.ended(auth, end)
                == [
                    .report(.diedAtStart(auth, end)), .setDeadline(.stop), .terminate(one), .terminate(two),
                ])
        #expect(machine.ready(two) == [])
        _ = machine.ended(one, .exited(0))
        #expect(machine.ended(two, .exited(0)) == [.setDeadline(.none), .finish(status: status)])
    }

    @Test("A process that was ready and dies while others start is a failure of its own")
    func deathOfReadyDuringStart() {
        var machine = idle()
        _ = machine.begin()
        _ = machine.ready(auth)
        #expect(machine.ended(auth, .exited(0)).first == .report(.died(auth, .exited(0))))
    }

    @Test("The first process that cannot be started ends it all, though no other runs")
    func nothingStarts() {
        var machine = Machine(processes: [.gateway])
        _ = machine.begin()
        #expect(machine.ended(.gateway, .exited(126)).last == .finish(status: .cannotExecute))
    }

    @Test(
        "A process that dies later stops the others, with status 1",
        arguments: [ChildEnd.exited(0), .killed(signal: 9)])
    func deathLater(end: ChildEnd) {
        var machine = running()
        #expect(machine.ended(one, end) == [.report(.died(one, end)), .setDeadline(.stop), .terminate(gateway)])
        #expect(machine.ended(gateway, .exited(0)) == [.terminate(two)])
        #expect(machine.ended(two, .exited(0)) == [.terminate(auth)])
        #expect(machine.ended(auth, .exited(0)).last == .finish(status: .failure))
    }

    @Test("A process that dies out of turn while all stop holds nothing up")
    func deathOutOfTurn() {
        var machine = running()
        _ = machine.stopRequested()
        #expect(machine.ended(auth, .exited(1)) == [])
        #expect(machine.ended(gateway, .exited(0)) == [.terminate(one), .terminate(two)])
        _ = machine.ended(one, .exited(0))
        #expect(machine.ended(two, .exited(0)).last == .finish(status: .ok))
    }

    @Test("What is not ready by the deadline is named, and all stops with status 1")
    func startDeadline() {
        var machine = idle()
        _ = machine.begin()
        _ = machine.ready(auth)
        #expect(
            machine.deadlinePassed()
                == [.report(.notReadyInTime([one, two])), .setDeadline(.stop), .terminate(one), .terminate(two)])
        _ = machine.ended(one, .exited(0))
        #expect(machine.ended(two, .exited(0)) == [.terminate(auth)])
        #expect(machine.ended(auth, .exited(0)).last == .finish(status: .failure))
    }

    @Test("A request to stop during start-up stops what has begun; the gateway is never started")
    func stopDuringStart() {
        var machine = idle()
        _ = machine.begin()
        #expect(
            machine.stopRequested() == [.report(.stopping), .setDeadline(.stop), .terminate(one), .terminate(two)])
        #expect(machine.ready(auth) == [])
        _ = machine.ended(one, .exited(0))
        _ = machine.ended(two, .exited(0))
        #expect(machine.ended(auth, .exited(0)).last == .finish(status: .ok))
    }

    @Test("A request to stop before the beginning ends at once")
    func stopBeforeBegin() {
        var machine = idle()
        #expect(machine.stopRequested() == [.finish(status: .ok)])
        #expect(machine.begin() == [])
    }

    @Test("After the end nothing happens")
    func afterTheEnd() {
        var machine = Machine(processes: [.gateway])
        _ = machine.begin()
        _ = machine.ended(.gateway, .exited(1))
        #expect(machine.stopRequested() == [] && machine.deadlinePassed() == [] && machine.ready(.gateway) == [])
        #expect(machine.ended(.gateway, .exited(1)) == [])
    }
}
