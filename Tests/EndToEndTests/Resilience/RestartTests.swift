import Glibc
import Shared
import Testing

/// Instances of postern-data that come and go under load.
@Suite("Instances that are stopped, killed and started again", .serialized)
struct RestartTests {
    private let fixture: GatewayFixture
    private let gateway: RunningGateway

    init() throws {
        fixture = try GatewayFixture()
        try fixture.folder.makeFolder("run/data")
        try fixture.folder.makeFolder("state")
        try fixture.write("data.yaml", "listen: unix:data/{instance}.sock\nstore: sqlite:data.db\nseed: tutorial\n")
        try fixture.write("services/main.yaml", "instances: [unix:data/1.sock, unix:data/2.sock]\n")
        try fixture.write("routes/data/[...path].yaml", "service: main\npath: /api/{path...}\n")
        gateway = try fixture.start()
    }

    private func start(_ instance: Int) throws -> RunningProgram {
        let notify = try NotifySocket(in: fixture.folder)
        let program = try RunningProgram(
            program: "postern-data",
            [
                "--config", fixture.configuration, "--run", fixture.runFolder, "--state",
                "\(fixture.folder.path)/state",
                "--instance", "\(instance)",
            ], environment: notify.environment)
        try notify.message("READY=1", from: program)
        return program
    }

    /// Ends one instance after the other and starts it again, under load.
    private func restart(_ load: Load, rounds: Int, _ end: (RunningProgram) throws -> Void) throws -> Load.Tally {
        var instances = [try start(1), try start(2)]
        try load.start(6, .keptConnections)
        try load.waitForAnswers(200)
        for round in 0..<rounds {
            try end(instances[round % 2])
            instances[round % 2] = try start(round % 2 + 1)
            try load.waitForAnswers(200)
        }
        return try load.stop()
    }

    @Test("Stopped: no request is lost, also none that must not be repeated")
    func stopped() throws {
        // The service takes no POST, and says so; who hears that has been served.
        let load = Load(port: gateway.port, "POST", "/data/users") {
            $0.status == 405 && $0.text == #"{"error":"Method not allowed"}"#
        }
        let tally = try restart(load, rounds: 10) { instance in
            let end = try instance.stop()
            #expect(end == .exited(0))
        }
        #expect(tally.lost.isEmpty)
        #expect(tally.answered > 2000)
    }

    @Test("Killed: no request is lost that may be repeated")
    func killed() throws {
        let load = Load(port: gateway.port, "GET", "/data/users")
        let tally = try restart(load, rounds: 6) { $0.kill() }
        #expect(tally.lost.isEmpty)
        #expect(tally.answered > 1200)
    }
}
