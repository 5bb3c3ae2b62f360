import Glibc
import Shared
import Testing

@Suite("A hundred reloads under load", .serialized)
struct ReloadStormTests {
    @Test("Good and broken files, by signal and over the control socket: no request fails, and nothing is left behind")
    func storm() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { request in Answer.ok("main \(request.text)") }
        let verify = try ScriptedService(fixture.verifySocket) { _ in Answer.verdict(user: "1") }
        defer {
            main.stop()
            verify.stop()
        }
        let gateway = try fixture.start()
        let loads = [
            Load(port: gateway.port, "GET", "/slow/x") { $0.text == "main " },
            Load(port: gateway.port, "POST", "/slow/x") { $0.text == "main body" },
            Load(port: gateway.port, "GET", "/members/x", fields: ["Authorization: Bearer a.b.c"]) {
                $0.text == "main "
            },
        ]
        for load in loads { try load.start(2, .keptConnections) }
        try loads[0].start(1, .newConnections)
        for load in loads { try load.waitForAnswers(50) }
        var (memory, descriptors, connections) = (0, 0, 0)
        for round in 1...100 {
            let isBroken = round % 3 == 0
            try fixture.write(
                "routes/new/[x].yaml", isBroken ? "service: nobody\n" : "service: main\ntimeout: \(round)s\n")
            if round % 2 == 0 {
                gateway.program.signal(SIGHUP)
                _ = try gateway.notify.message("RELOADING=1", from: gateway.program)
                let message = try gateway.notify.message("READY=1", from: gateway.program)
                #expect(message.contains("failed") == isBroken)
            } else {
                #expect(try fixture.reload(gateway).status == (isBroken ? 422 : 200))
            }
            // What is in force is what was good last.
            if !isBroken { #expect(try gateway.request("GET", "/new/x").text == "main ") }
            for load in loads { try load.waitForAnswers(2) }
            if round == 20 {
                memory = try ProcessMemory.resident(gateway.program)
                descriptors = try ProcessMemory.descriptors(of: gateway.program)
                connections = main.record.value.connections
            }
        }
        let (lateMemory, lateDescriptors) = (
            try ProcessMemory.resident(gateway.program), try ProcessMemory.descriptors(of: gateway.program)
        )
        for load in loads {
            let tally = try load.stop()
            #expect(tally.lost.isEmpty && tally.refused == 0, "\(tally)")
        }
        // Each reload makes all its tables anew: what a hundred of them left would show.
        #expect(lateMemory < memory + 4 << 20, "\(memory) bytes, then \(lateMemory)")
        // The clients' own connections come and go.
        #expect(abs(lateDescriptors - descriptors) <= 16, "\(descriptors) descriptors, then \(lateDescriptors)")
        // A connection a client and loop at most: a reload closes none of those that are kept.
        #expect(main.record.value.connections <= max(connections, 2 * 8 + 2))
        #expect(try gateway.program.stop() == .exited(0))
    }
}
