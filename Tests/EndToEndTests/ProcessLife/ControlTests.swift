// Unsafe code: C strings for stat(2).
import Glibc
import Shared
import Testing

extension GatewayFixture {
    var controlSocket: String { "\(runFolder)/gateway/control.sock" }

    /// Asks the running gateway over its control socket.
    func control(_ method: String, _ target: String) throws -> Message {
        let stream = try SocketStream.connect(unix: controlSocket)
        stream.send(Client.bytes(method, target))
        return try stream.response(to: method)
    }

    /// Has a running gateway reload, and hears what it tells its manager of it.
    func reload(_ gateway: RunningGateway) throws -> Message {
        let answer = try control("POST", "/reload")
        try gateway.notify.message("RELOADING=1", from: gateway.program)
        let message = try gateway.notify.message("READY=1", from: gateway.program)
        #expect(message.contains("reload failed") == (answer.status != 200))
        return answer
    }

    /// `postern reload`.
    func reload(_ arguments: [String] = []) throws -> (status: Int32, text: String) {
        let run = try RunningProgram.run(
            program: "postern", ["reload", "--config", configuration, "--run", runFolder] + arguments)
        return (run.status, run.lines.joined(separator: "\n"))
    }
}

@Suite("The control socket")
struct ControlTests {
    private let fixture: GatewayFixture
    private let main: ScriptedService

    init() throws {
        fixture = try GatewayFixture()
        main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
    }

    @Test("A reload that is asked for there is in force on every loop when it is answered, and says what has changed")
    func reload() throws {
        defer { main.stop() }
        let gateway = try fixture.start()
        #expect(try fixture.reload(gateway).text.contains(#""added":[],"changed":[],"removed":[]"#))
        for round in 1...10 {
            try fixture.write("routes/new/\(round).yaml", "service: main\n")
            try fixture.write("routes/slow/[...path].yaml", "service: main\ntimeout: \(round)s\n")
            let answer = try fixture.reload(gateway)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#""added":["routes/new/\#(round).yaml"]"#))
            // On as many connections as find each of the loops.
            for _ in 1...4 { #expect(try gateway.request("GET", "/new/\(round)").status == 200) }
        }
        try fixture.folder.remove("config/routes/new")
        #expect(try fixture.reload(gateway).text.contains(#""removed":["routes/new/1.yaml""#))
        try gateway.request("GET", "/new/1").expect(404, error: "Not found")
        #expect(try gateway.program.stop() == .exited(0))
    }

    @Test("Broken files are told with file, line and mend, and change nothing")
    func broken() throws {
        defer { main.stop() }
        let gateway = try fixture.start()
        try fixture.write("routes/open/[...path].yaml", "service: main\ntimeouts: 1s\n")
        let answer = try fixture.reload(gateway)
        #expect(answer.status == 422)
        #expect(
            answer.text.contains(#"routes/open/[...path].yaml","line":2,"column":1,"message":"`timeouts` is not a "#))
        #expect(answer.text.contains(#""mend":"Did you mean `timeout`?""#))
        #expect(try gateway.request("GET", "/open/x").text == "main")
        #expect(try fixture.control("GET", "/status").text.contains(#""problems":1"#))
    }

    @Test("Counters and the state of the process are told as JSON; nothing else is there, and nobody else may ask")
    func counters() throws {
        defer { main.stop() }
        let gateway = try fixture.start()
        for _ in 1...3 { #expect(try gateway.request("GET", "/open/x").status == 200) }
        let counters = try StrictJSON.parseObject(try fixture.control("GET", "/counters").body)
        #expect(counters["requests"]?.integer == 3)
        #expect(counters["responses.2xx"]?.integer == 3)
        let status = try StrictJSON.parseObject(try fixture.control("GET", "/status").body)
        #expect(status["routes"]?.integer == 3)
        #expect(status["instances"]?.integer == 1)
        #expect(status["problems"]?.integer == 0)
        #expect(try fixture.control("GET", "/reload").status == 405)
        // Routes are not served there, and it is served on no other socket.
        #expect(try fixture.control("GET", "/open/x").status == 404)
        #expect(try gateway.request("POST", "/reload").status == 404)
        #expect(try gateway.request("GET", "/counters").status == 404)
        var file = stat()
        #expect(unsafe stat(fixture.controlSocket, &file) == 0)
        #expect(file.st_mode & 0o7777 == 0o600)
        #expect(try gateway.program.stop() == .exited(0))
        #expect(unsafe stat(fixture.controlSocket, &file) != 0)
    }

    @Test("`postern reload` says what was done: 0, or all problems and 78, or that no gateway runs and 69")
    func command() throws {
        defer { main.stop() }
        let absent = try fixture.reload()
        #expect(absent.status == 69)
        #expect(absent.text.contains("no gateway listens on \(fixture.controlSocket)"))
        let gateway = try fixture.start()
        try fixture.write("routes/new.yaml", "service: main\n")
        let done = try fixture.reload()
        #expect(done.status == 0)
        #expect(done.text == "reloaded: 4 routes, 1 services, 1 instances\n  added routes/new.yaml")
        #expect(try gateway.request("GET", "/new").status == 200)
        // Nothing is asked of the gateway for files that cannot be used.
        try fixture.write("routes/new.yaml", "service: nobody\n")
        let refused = try fixture.reload()
        #expect(refused.status == 78)
        #expect(refused.text.contains("routes/new.yaml:1:10: there is no service 'nobody'. Add services/nobody.yaml"))
        #expect(try gateway.request("GET", "/new").status == 200)
        #expect(try fixture.control("GET", "/status").text.contains(#""problems":0"#))
        // What the gateway itself finds is said as if it had been found here.
        let good = try GatewayFixture()
        let other = try RunningProgram.run(
            program: "postern", ["reload", "--config", good.configuration, "--run", fixture.runFolder])
        #expect(other.status == 78)
        #expect(other.lines.joined().contains("there is no service 'nobody'"))
    }

    @Test(
        "What waits for a restart is said; `control: none` opens no socket, and one that cannot be had is no obstacle")
    func settings() throws {
        defer { main.stop() }
        try fixture.folder.write("", to: "run/gateway")
        let without = try fixture.start()
        try without.program.line { $0.contains("no control socket") }
        #expect(try without.request("GET", "/open/x").status == 200)
        #expect(try without.program.stop() == .exited(0))
        try fixture.folder.remove("run/gateway")
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\ncontrol: none\n")
        let none = try fixture.start()
        #expect(!fixture.folder.exists("run/gateway"))
        #expect(try fixture.reload().status == 69)
        #expect(try none.program.stop() == .exited(0))
        try fixture.write(
            "postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\ncontrol: unix:no/where.sock\n")
        let demanded = try RunningProgram.run(
            program: "postern-gateway", ["--config", fixture.configuration, "--run", fixture.runFolder])
        #expect(demanded.status == 69)
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 2\n")
        let gateway = try fixture.start()
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 3\n")
        #expect(try fixture.reload().text.contains("  changed postern.yaml\n  waits for a restart: threads"))
        withExtendedLifetime(gateway) {}
    }

    @Test("`postern reload` reaches the gateway of `postern up`")
    func up() throws {
        let folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        let system = try RunningSystem(configuration: "\(folder.path)/config")
        try folder.write("service: data\npath: /api/posts\n", to: "config/routes/api/texts.yaml")
        #expect(try system.request("GET", "/api/texts").status == 404)
        let reload = try RunningProgram.run(
            program: "postern",
            ["reload", "--config", "\(folder.path)/config", "--run", "\(system.folder.path)/state/sockets"])
        #expect(reload.status == 0, "\(reload.lines)")
        #expect(try system.request("GET", "/api/texts").status == 200)
    }
}
