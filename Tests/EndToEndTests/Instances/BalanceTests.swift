import Glibc
import Testing

@Suite("Balancing between instances")
struct BalanceTests {
    private func start(
        _ service: String, _ names: [String] = ["a", "b", "c"]
    ) throws -> (RunningGateway, [PlayedInstance]) {
        let instances = try InstanceFixture(service)
        try instances.fixture.write(
            "postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 1\n")
        let played = try names.map { try instances.instance($0) }
        return (try instances.start(), played)
    }

    @Test("Round robin gives each the same")
    func roundRobin() throws {
        let (gateway, instances) = try start("balance: round-robin")
        defer { for instance in instances { instance.stop() } }
        #expect(try gateway.answers(60) == ["a": 20, "b": 20, "c": 20])
    }

    @Test("An instance gets its weight's share")
    func weights() throws {
        let (gateway, instances) = try start("", ["a", "b"])
        defer { for instance in instances { instance.stop() } }
        try gateway.fixture.write(
            "services/many.yaml",
            """
            instances:
              - {address: unix:many/a.sock, weight: 3}
              - unix:many/b.sock
            balance: round-robin

            """)
        gateway.program.signal(SIGHUP)
        try gateway.program.line { $0.contains("reloaded") }
        let counts = try gateway.answers(80)
        #expect(counts == ["a": 60, "b": 20])
    }

    @Test("A slow instance gets less by ewma")
    func ewma() throws {
        let (gateway, instances) = try start("balance: ewma")
        defer { for instance in instances { instance.stop() } }
        instances[1].state.change { $0.delay = .milliseconds(200) }
        let counts = try gateway.answers(150)
        #expect(counts["b", default: 0] <= 10)
        #expect(counts["a", default: 0] > 20 && counts["c", default: 0] > 20)
    }

    @Test("Hashing keeps each key on one instance, sends it elsewhere while that is gone, and then back")
    func hash() throws {
        let (gateway, instances) = try start("balance: {hash: {header: X-Tenant}}")
        defer { for instance in instances { instance.stop() } }
        func places() throws -> [String] {
            // So many that each instance has some, whatever the folder is called, on which the places depend.
            try (0..<60).map { tenant in
                let counts = try gateway.answers(3, fields: ["X-Tenant: \(tenant)"])
                #expect(counts.count == 1)
                return counts.keys.first ?? ""
            }
        }
        let before = try places()
        #expect(Set(before) == ["a", "b", "c"])
        instances[1].stop()
        // Its socket takes nobody; the requests for it go elsewhere, and are answered.
        let during = try places()
        for (was, now) in zip(before, during) { #expect(was == "b" ? now != "b" : was == now) }
        try gateway.fixture.folder.remove("run/many/b.sock")
        let back = try PlayedInstance("b", "\(gateway.fixture.runFolder)/many/b.sock")
        defer { back.stop() }
        let isBack = try (0..<400).contains { _ in
            try gateway.answers(1, fields: ["X-Tenant: \(before.firstIndex(of: "b") ?? 0)"])["b"] == 1
        }
        #expect(isBack)
    }

    @Test("An instance that answers only failures is ejected, said once, and its share is borne by the others")
    func ejected() throws {
        let (gateway, instances) = try start("eject: {errors: 3, for: 60s}")
        defer { for instance in instances { instance.stop() } }
        let bad = try ScriptedService("\(gateway.fixture.runFolder)/many/d.sock") { _ in
            Answer.whole("503 Service Unavailable", "")
        }
        defer { bad.stop() }
        try gateway.program.line { $0.contains("instances changed added=1") }
        let client = try Client(port: gateway.port)
        var failures = 0
        for _ in 0..<120 where try client.request("GET", "/many/x").status == 503 { failures += 1 }
        #expect(failures == 3)
        try gateway.program.line { $0.contains("instance ejected") && $0.contains("d.sock") }
        #expect(try gateway.answers(60).values.reduce(0, +) == 60)
    }
}
