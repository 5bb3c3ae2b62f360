import Glibc
import Shared
import Testing

@Suite("Reloading", .serialized)
struct ReloadTests {
    private let fixture: GatewayFixture
    private let main: ScriptedService
    private let gateway: RunningGateway

    init() throws {
        fixture = try GatewayFixture()
        main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
        gateway = try fixture.start()
    }

    /// SIGHUP, and the end of the reload; its READY=1 message.
    private func reload() throws -> String {
        gateway.program.signal(SIGHUP)
        let reloading = try gateway.notify.message("RELOADING=1", from: gateway.program)
        #expect(reloading.contains("MONOTONIC_USEC="))
        return try gateway.notify.message("READY=1", from: gateway.program)
    }

    @Test("New files are in force after SIGHUP, and old ones are not")
    func newRoutes() throws {
        defer { main.stop() }
        let other = try ScriptedService("\(fixture.runFolder)/other.sock") { _ in Answer.ok("other") }
        defer { other.stop() }
        try gateway.request("GET", "/new/x").expect(404, error: "Not found")
        try fixture.write("services/other.yaml", "instances: unix:other.sock\n")
        try fixture.write("routes/new/[x].yaml", "service: other\nmethods: [GET]\n")
        try fixture.folder.remove("config/routes/open")
        #expect(!(try reload()).contains("failed"))
        #expect(try gateway.request("GET", "/new/x").text == "other")
        #expect(try gateway.request("POST", "/new/x").status == 405)
        try gateway.request("GET", "/open/x").expect(404, error: "Not found")
        #expect(try gateway.request("GET", "/slow/x").text == "main")
        try gateway.program.line { $0.contains("postern-gateway: reloaded") }
    }

    @Test("Broken files change nothing; it is said in the log, problem by problem, and in the status")
    func broken() throws {
        defer { main.stop() }
        try fixture.write("routes/new/[x].yaml", "service: main\n")
        try fixture.write("routes/open/[...path].yaml", "service: nobody\ntimeouts: 1s\n")
        let message = try reload()
        #expect(message.contains("STATUS=reload failed (2 problems, see the log), what was loaded before goes on"))
        #expect(try gateway.request("GET", "/open/x").text == "main")
        try gateway.request("GET", "/new/x").expect(404, error: "Not found")
        try gateway.program.line { $0.contains("reload failed problems=2") }
        let log = gateway.program.text
        #expect(log.contains("there is no service 'nobody'") && log.contains("is not a known key"))
        #expect(log.contains("routes/open/[...path].yaml"))
        // Mended, all is taken.
        try fixture.write("routes/open/[...path].yaml", "service: main\n")
        #expect(!(try reload()).contains("failed"))
        #expect(try gateway.request("GET", "/new/x").text == "main")
        #expect(try gateway.program.stop() == .exited(0))
    }

    @Test("No request fails while good and broken files are reloaded under load")
    func underLoad() throws {
        defer { main.stop() }
        let load = Load(port: gateway.port, "GET", "/slow/x") { $0.text == "main" }
        try load.start(3, .keptConnections)
        try load.start(2, .newConnections)
        try load.waitForAnswers(100)
        for round in 1...6 {
            try fixture.write(
                "routes/new/[x].yaml", round % 2 == 0 ? "service: nobody\n" : "service: main\ntimeout: \(round)s\n")
            let message = try reload()
            #expect(message.contains("failed") == (round % 2 == 0))
            try load.waitForAnswers(50)
        }
        let tally = try load.stop()
        #expect(tally.lost.isEmpty)
        #expect(tally.refused == 0)
    }

    @Test("A request that is under way keeps the configuration that it began with")
    func underWay() throws {
        defer { main.stop() }
        let mayAnswer = Monitor(false)
        let late = try ScriptedService("\(fixture.runFolder)/late.sock") { _ in
            _ = mayAnswer.wait { $0 ? true : nil }
            return Answer.ok("late")
        }
        defer { late.stop() }
        try fixture.write("services/late.yaml", "instances: unix:late.sock\n")
        try fixture.write("routes/late.yaml", "service: late\n")
        _ = try reload()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/late"))
        #expect(late.record.wait { $0.requests.isEmpty ? nil : true } == true)
        try fixture.folder.remove("config/routes/late.yaml")
        try fixture.folder.remove("config/services/late.yaml")
        _ = try reload()
        try gateway.request("GET", "/late").expect(404, error: "Not found")
        mayAnswer.change { $0 = true }
        #expect(try client.response().text == "late")
    }

    @Test("Another auth service after a reload is asked anew")
    func anotherAuth() throws {
        defer { main.stop() }
        let first = try ScriptedService(fixture.verifySocket) { _ in Answer.verdict(user: "1") }
        let second = try ScriptedService("\(fixture.runFolder)/second.sock") { _ in
            Answer.whole("401 Unauthorized", "", ["WWW-Authenticate: Bearer", "Cache-Control: max-age=60"])
        }
        defer {
            first.stop()
            second.stop()
        }
        let fields = ["Authorization: Bearer a.b.c"]
        for _ in 1...3 { #expect(try gateway.request("GET", "/members/x", fields: fields).status == 200) }
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:second.sock\nthreads: 2\n")
        _ = try reload()
        for _ in 1...3 { #expect(try gateway.request("GET", "/members/x", fields: fields).status == 401) }
    }
}
