import Shared
import Testing

@Suite("`postern status` and `postern scale`, without systemd")
struct StatusTests {
    private let fixture: GatewayFixture

    init() throws { fixture = try GatewayFixture() }

    private func postern(_ arguments: String...) throws -> (status: Int32, text: String) {
        let run = try RunningProgram.run(
            program: "postern",
            arguments + ["--config", fixture.configuration, "--run", fixture.runFolder])
        return (run.status, run.lines.joined(separator: "\n"))
    }

    @Test("The services, their instances and their load are shown as the gateway tells them")
    func status() throws {
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
        defer { main.stop() }
        let gateway = try fixture.start()
        for _ in 0..<5 { #expect(try gateway.request("GET", "/open/x").status == 200) }
        let shown = try postern("status")
        #expect(shown.status == 0)
        #expect(shown.text.hasPrefix("postern \(ProgramVersion.number)  3 routes, 1 instances, "))
        let line = try #require(shown.text.split(separator: "\n").first { $0.hasPrefix("main") })
        #expect(line.split(separator: " ").starts(with: ["main", "1", "up"]))
        #expect(line.hasSuffix(" 5       0"))
        #expect(!shown.text.contains("PROCESS") && !shown.text.contains("\u{1B}"))
        let json = try StrictJSON.parseObject(Array(try postern("status", "--json").text.utf8))
        let services = try #require(ServiceReport.read(json))
        #expect(services.map(\.name) == ["main"])
        #expect(services[0].requests == 5 && services[0].errors == 0)
        #expect(services[0].instances.map(\.address) == ["unix:\(fixture.mainSocket)"])
    }

    @Test("Shown again and again it ends with Ctrl-C, plainly where there is no terminal")
    func watch() throws {
        let gateway = try fixture.start()
        let program = try RunningProgram(
            program: "postern",
            ["status", "--watch", "--config", fixture.configuration, "--run", fixture.runFolder])
        try program.line { $0.hasPrefix("SERVICE") }
        let first = program.lines.count
        try program.line(from: first) { $0.hasPrefix("SERVICE") }
        program.signal(2)
        #expect(try program.end() == .exited(0))
        #expect(!program.text.contains("\u{1B}"))
        withExtendedLifetime(gateway) {}
    }

    @Test("Where no gateway is, that is said, with status 69")
    func absent() throws {
        let shown = try postern("status")
        #expect(shown.status == 69)
        #expect(shown.text.contains("no gateway listens on \(fixture.controlSocket)"))
    }

    @Test("Where no systemd is, no instance can be started: status 69, with the reason")
    func scale() throws {
        // On a machine that runs under systemd there is something to ask, and no such template.
        let scaled = try postern("scale", "no-such-service", "2")
        #expect(scaled.status == 69 || scaled.status == 66, "\(scaled.text)")
        #expect(scaled.text.contains("systemd does not answer") || scaled.text.contains("no template of units"))
    }
}
