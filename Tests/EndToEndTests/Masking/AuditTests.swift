import Glibc
import Testing

@Suite("`postern audit`, and the detector at the gate")
struct AuditTests {
    private let fixture: GatewayFixture

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("routes/block/[...path].yaml", "service: main\nmask: {audit: block}\n")
        try fixture.write("routes/count/[...path].yaml", "service: main\nmask: {audit: count}\n")
        try fixture.write("routes/kept/[...path].yaml", "service: main\nmask: {keep: [Server]}\n")
        try fixture.write("routes/errors/[...path].yaml", "service: main\nmask: {errors: replace}\n")
    }

    private func audit(port: UInt16, _ targets: [String], _ options: String...) throws -> (
        status: Int32, lines: [String]
    ) {
        try fixture.folder.write(targets.map { "GET \($0)\n" }.joined(), to: "requests")
        return try RunningProgram.run(
            program: "postern",
            [
                "audit", "--config", fixture.configuration, "--run", fixture.runFolder, "--url",
                "http://127.0.0.1:\(port)", "--requests", "\(fixture.folder.path)/requests", "--look-for",
                "inside.example",
            ] + options)
    }

    @Test("Asked without a gate, a service that leaks is found out in each answer")
    func direct() throws {
        var port: UInt16 = 0
        let service = try LeakyService.start(port: &port)
        defer { service.stop() }
        let targets = LeakyService.targets(below: "/x")
        let (status, lines) = try audit(port: port, targets + ["/x/fail"])
        #expect(status == 1)
        for target in targets {
            #expect(lines.contains { $0.hasPrefix("GET \(target): 200, ") }, "\(target)")
        }
        #expect(lines.contains { $0 == "GET /x/fail: 503, status line, name: inside.example is down" })
        #expect(lines.contains { $0 == "GET /x/fail: 503, body at 0, name: inside.example" })
        #expect(lines.last?.hasSuffix("leaks in \(targets.count + 1) answers") == true)
    }

    @Test("Through the gate no field tells, and nothing at all where answers that tell are blocked")
    func masked() throws {
        let service = try LeakyService.start(fixture.mainSocket)
        defer { service.stop() }
        let gateway = try fixture.start()
        let heads = LeakyService.targets(below: "/open").filter { $0.contains("/head/") }
        let open = try audit(port: gateway.port, heads)
        #expect(open.status == 0 && open.lines.last == "0 leaks in \(heads.count) answers", "\(open.lines)")
        let blocked = try audit(port: gateway.port, LeakyService.targets(below: "/block"))
        #expect(blocked.status == 0, "\(blocked.lines)")
        // Neither is the service harmed, nor a clean answer.
        try gateway.request("GET", "/block/body/0").expect(502, error: "Bad gateway")
        #expect(try gateway.request("GET", "/block/clean").text == "x")
        #expect(try gateway.request("GET", "/kept/head/0")["Server"] == ["nginx/1.25.3"])
    }

    @Test("Counting lets the answer pass, and says so in the log without saying what")
    func counted() throws {
        let service = try LeakyService.start(fixture.mainSocket)
        defer { service.stop() }
        let gateway = try fixture.start()
        let answer = try gateway.request("GET", "/count/body/0")
        #expect(answer.status == 200 && answer.text == LeakyService.bodies[0])
        let line = try gateway.program.line { $0.contains("answers tell of a service") }
        #expect(line.contains("leaks.banner=1") && line.contains("/count/[...path]") && !line.contains("nginx"))
        gateway.program.signal(SIGUSR1)
        let counters = try gateway.program.line { $0.contains("leaks.banner=") && $0.contains("requests=") }
        #expect(counters.contains("leaks.banner=1") && counters.contains("mask.blocked=0"))
    }

    @Test("A failure of the service is told in our words, its status and Retry-After kept, its connection used again")
    func errors() throws {
        let service = try LeakyService.start(fixture.mainSocket)
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for _ in 1...3 {
            let answer = try client.request("GET", "/errors/fail")
            answer.expect(503, error: "Service unavailable")
            #expect(answer["Retry-After"] == ["7"])
            #expect(!String(decoding: answer.raw, as: UTF8.self).contains("inside"))
        }
        #expect(service.record.value.connections == 1)
        // Without it the service's own words pass.
        #expect(try gateway.request("GET", "/open/fail").text == "inside.example")
    }

    @Test("Findings are objects a line where a program reads them; a gateway that is not there is status 69")
    func programs() throws {
        var port: UInt16 = 0
        let service = try LeakyService.start(port: &port)
        let (status, lines) = try audit(port: port, ["/x/fail"], "--json")
        #expect(status == 1)
        #expect(
            lines.contains(
                #"{"request":"GET /x/fail","status":503,"place":"body","offset":0,"kind":"name","text":"inside.example"}"#
            ))
        #expect(lines.last?.hasPrefix(#"{"answers":1,"leaks":"#) == true)
        service.stop()
        let gateway = try fixture.start()
        _ = try gateway.program.stop()
        let absent = try audit(port: gateway.port, ["/x"])
        #expect(absent.status == 69 && absent.lines.last == "0 leaks in 0 answers, 1 requests not answered")
    }

    @Test("Without a file the routes are asked, but not by methods that may change something")
    func routes() throws {
        let service = try LeakyService.start(fixture.mainSocket)
        defer { service.stop() }
        try fixture.write("routes/thing/[id].yaml", "service: main\nmethods: [GET, DELETE]\n")
        let gateway = try fixture.start()
        let (status, lines) = try RunningProgram.run(
            program: "postern",
            [
                "audit", "--config", fixture.configuration, "--run", fixture.runFolder, "--url",
                "http://127.0.0.1:\(gateway.port)", "--param", "id=7",
            ])
        #expect(status == 0, "\(lines)")
        let asked = service.record.value.requests.map { "\($0.method) \($0.target)" }
        #expect(asked.contains("GET /thing/7") && asked.contains("GET /open/sample"))
        #expect(!asked.contains { $0.hasPrefix("DELETE") || $0.hasPrefix("POST") })
    }
}
