import Glibc
import Shared
import Testing

/// What happens to requests when processes stop.
@Suite("Stopping", .serialized)
struct StopTests {
    /// Clients that are turned away at the end, and none that were heard and not answered.
    private func expectNothingLost(_ tally: Load.Tally, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(tally.lost.isEmpty, sourceLocation: sourceLocation)
        #expect(tally.answered > 0, sourceLocation: sourceLocation)
    }

    @Test("SIGTERM under load: the gateway answers every request that it accepted, then ends with status 0")
    func gatewayUnderLoad() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        let gateway = try fixture.start()
        let load = Load(port: gateway.port, "GET", "/slow/x") { $0.text == "ok" }
        try load.start(4, .keptConnections)
        try load.start(2, .newConnections)
        try load.waitForAnswers(500)
        gateway.program.signal(SIGTERM)
        let tally = try load.end()
        expectNothingLost(tally)
        #expect(tally.refused == 6)
        #expect(try gateway.program.end() == .exited(0))
        #expect(gateway.program.text.contains("stopped reason=drained"))
    }

    @Test("SIGTERM under load: POST requests, which nobody repeats, are answered too")
    func postsUnderLoad() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { Answer.ok($0.text) }
        defer { main.stop() }
        let gateway = try fixture.start()
        let load = Load(port: gateway.port, "POST", "/slow/x") { $0.text == "body" }
        try load.start(4, .keptConnections)
        try load.waitForAnswers(300)
        gateway.program.signal(SIGTERM)
        let tally = try load.end()
        expectNothingLost(tally)
        #expect(try gateway.program.end() == .exited(0))
        // The service heard what was answered, and nothing else.
        #expect(main.record.value.requests.count == tally.answered)
    }

    @Test("SIGTERM while a service takes its time: the request is answered, and only then the gateway ends")
    func slowRequest() throws {
        let fixture = try GatewayFixture()
        let mayAnswer = Monitor(false)
        let main = try ScriptedService(fixture.mainSocket) { _ in
            _ = mayAnswer.wait { $0 ? true : nil }
            return Answer.ok("late")
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x"))
        #expect(main.record.wait { $0.requests.isEmpty ? nil : true } == true)
        gateway.program.signal(SIGTERM)
        try gateway.notify.message("STOPPING=1", from: gateway.program)
        // No new connection is taken any more.
        while (try? gateway.connect()) != nil {}
        #expect(!gateway.program.hasEnded)
        mayAnswer.change { $0 = true }
        let answer = try client.response()
        #expect(answer.text == "late")
        #expect(answer["Connection"] == ["close"])
        #expect(try gateway.program.end() == .exited(0))
    }

    @Test("A drain that takes too long ends with what was promised, and a status that says so")
    func drainDeadline() throws {
        let fixture = try GatewayFixture()
        try fixture.write(
            "postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 1\ndrain: 300ms\n")
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            _ = service.read(stream)
            _ = stream.everything()
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x"))
        #expect(main.record.wait { $0.requests.isEmpty ? nil : true } == true)
        let (end, time) = try timed { try gateway.program.stop() }
        #expect(end == .exited(1))
        #expect(time >= .milliseconds(300) && time < .seconds(10))
        #expect(gateway.program.text.contains("requests were still under way"))
    }

    @Test("A second SIGTERM ends the gateway at once")
    func secondSignal() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            _ = service.read(stream)
            _ = stream.everything()
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/slow/x"))
        #expect(main.record.wait { $0.requests.isEmpty ? nil : true } == true)
        gateway.program.signal(SIGTERM)
        try gateway.notify.message("STOPPING=1", from: gateway.program)
        let (_, time) = try timed { try gateway.program.stop() }
        #expect(time < .seconds(10))
    }

    @Test(
        "Ctrl-C of postern up under load: every accepted request is answered, and all processes end",
        arguments: [SIGINT, SIGTERM])
    func systemUnderLoad(_ signal: Int32) throws {
        let system = try RunningSystem()
        let children = try ["postern-auth", "postern-data@1", "postern-gateway"].map { try system.processID($0) }
        let watch = try ProcessWatch(children)
        let load = Load(port: system.port, "GET", "/api/posts") { $0.text == Seed.allPosts }
        try load.start(4, .keptConnections)
        try load.waitForAnswers(300)
        system.program.signal(signal)
        expectNothingLost(try load.end())
        #expect(try system.program.end() == .exited(0))
        try watch.waitForEnd()
    }

    @Test("SIGKILL of postern up ends all its processes")
    func killed() throws {
        let system = try RunningSystem(dataInstances: 2)
        let names = ["postern-auth", "postern-data@1", "postern-data@2", "postern-gateway"]
        let children = try names.map { try system.processID($0) }
        let watch = try ProcessWatch(children)
        system.program.signal(SIGKILL)
        #expect(try system.program.end() == .killed(signal: SIGKILL))
        try watch.waitForEnd()
        #expect(throws: SocketStream.ConnectFailure.self) { try SocketStream.connect(port: system.port) }
    }

    @Test(
        "A process that dies takes all with it, and postern up says which",
        arguments: ["postern-auth", "postern-data@1", "postern-gateway"])
    func childDies(_ name: String) throws {
        let system = try RunningSystem()
        kill(try system.processID(name), SIGKILL)
        #expect(try system.program.end() == .exited(1))
        #expect(
            system.program.lines.contains {
                $0 == "postern: \(name) has ended by itself (killed by signal 9); stopping the others"
            })
    }

    @Test("A data instance that gets SIGKILL under load costs no idempotent request while another is there")
    func instanceKilled() throws {
        let parts = try RunningParts(dataInstances: 2)
        let load = Load(port: parts.port, "GET", "/api/posts") { $0.text == Seed.allPosts }
        try load.start(4, .keptConnections)
        try load.waitForAnswers(300)
        parts.data[0].kill()
        try load.waitForAnswers(500)
        let tally = try load.stop()
        expectNothingLost(tally)
    }

    @Test("A data instance that is stopped under load drains: no request is lost, idempotent or not")
    func instanceStopped() throws {
        let parts = try RunningParts(dataInstances: 2)
        let load = Load(port: parts.port, "GET", "/api/posts") { $0.text == Seed.allPosts }
        try load.start(4, .keptConnections)
        try load.waitForAnswers(300)
        #expect(try parts.data[0].stop() == .exited(0))
        try load.waitForAnswers(500)
        expectNothingLost(try load.stop())
    }

    @Test("One data instance more is found and used while requests go on")
    func instanceAdded() throws {
        let parts = try RunningParts(dataInstances: 1)
        let load = Load(port: parts.port, "GET", "/api/posts") { $0.text == Seed.allPosts }
        try load.start(2, .keptConnections)
        try load.waitForAnswers(50)
        try parts.startData("2")
        try parts.gateway.line { $0.contains("instances changed added=1") }
        try load.waitForAnswers(50)
        // Now the first one may go.
        #expect(try parts.data[0].stop() == .exited(0))
        try load.waitForAnswers(200)
        expectNothingLost(try load.stop())
    }
}
