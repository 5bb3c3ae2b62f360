import Testing

@testable import Gateway
@testable import Shared

@Suite("Balancing, checks and ejection in services/")
struct BalanceConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func read(_ text: String) throws -> ServiceConfiguration {
        try configuration.folder.write("instances: unix:a.sock\n\(text)\n", to: "services/data.yaml")
        return try #require(try configuration.load().services.first)
    }

    @Test("without a word: least requests, five failures in a row eject for ten seconds, no checks")
    func defaults() throws {
        let service = try read("")
        #expect(service.balance == BalanceConfiguration())
        #expect(service.balance.rule == .leastRequests && service.balance.slowStart == 0)
        #expect(service.balance.ejection == EjectionRule())
        #expect(service.health == nil)
        #expect(!service.rule().watchesLatency)
    }

    @Test(
        "each way of balancing",
        arguments: [
            ("round-robin", BalanceRule.roundRobin), ("least-requests", .leastRequests), ("ewma", .ewma),
            ("{hash: user}", .hash(.user)), ("{hash: client}", .hash(.client)),
            ("{hash: {cookie: SID}}", .hash(.cookie(Array("SID".utf8)))),
            ("{hash: {header: X-Tenant}}", .hash(.header(Array("x-tenant".utf8)))),
        ])
    func ways(text: String, rule: BalanceRule) throws {
        #expect(try read("balance: \(text)").balance.rule == rule)
    }

    @Test("all keys of ejection and of checks")
    func all() throws {
        let service = try read(
            """
            slow_start: 30s
            eject: {errors: 3, latency: 4, for: 20s, keep: 75%}
            health: {path: /healthz?deep=1, every: 2s, timeout: 500ms, up: 4, down: 6, status: [200, 401]}
            """)
        var eject = EjectionRule()
        (eject.errors, eject.latency, eject.time, eject.keep) = (3, 4, 20 * second, 75)
        #expect(service.balance.ejection == eject)
        #expect(service.balance.slowStart == 30 * second)
        #expect(service.rule().watchesLatency)
        let health = HealthRule(
            path: Array("/healthz?deep=1".utf8), interval: 2 * second, timeout: 500 * millisecond, up: 4, down: 6,
            statuses: [200, 401])
        #expect(service.health == health)
    }

    @Test("what is turned off is off")
    func off() throws {
        #expect(try read("eject: off").balance.ejection == nil)
        #expect(try read("eject: {errors: off}").balance.ejection == nil)
        #expect(try read("eject: {errors: off, latency: 3}").balance.ejection?.errors == 0)
    }

    @Test("a weight is that of each instance which comes of its entry")
    func weights() throws {
        try configuration.folder.write(
            "instances: [{address: unix:a.sock, weight: 3}, unix:b.sock, {address: unix:c.sock}]\n",
            to: "services/data.yaml")
        let rule = try #require(try configuration.load().services.first).rule()
        #expect((0..<3).map { rule.weights[$0] } == [3 * 1024, 1024, 1024])
        try configuration.folder.write("instances: [{address: unix:a.sock, weight: 3}]\n", to: "services/data.yaml")
        #expect(try #require(try configuration.load().services.first).rule().weights.areEven)
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            (
                "balance: fastest",
                "2:10: `balance` must be one of: round-robin, least-requests, ewma, not \"fastest\"."
            ),
            (
                "balance: {hash: path}",
                "2:17: `balance.hash` must be user, client, {cookie: NAME} or {header: NAME}, not \"path\"."
            ),
            ("balance: {}", "2:10: `balance.hash` is missing. Add it, for example: `hash: user`."),
            (
                "balance: {hash: {cookie: a, header: b}}",
                "2:17: `balance.hash` must be user, client, {cookie: NAME} or {header: NAME}. Write one of them."
            ),
            (
                "balance: {hash: {header: 'a b'}}",
                "2:26: `balance.hash.header` must be the name of a field, not \"a b\". Use letters, digits and hyphens."
            ),
            (
                "slow_start: 10",
                "2:13: `slow_start` must be a duration from 1s to 1h, not \"10\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
            ),
            (
                "eject: never",
                "2:8: `eject` must be off or a mapping, not \"never\". "
                    + "Write for example `eject: {errors: 5, for: 10s, keep: 50%}`."
            ),
            (
                "eject: {keep: 0%}",
                "2:15: `eject.keep` must be a share from 1% to 100%, not \"0%\". Write for example 50%."
            ),
            ("eject: {error: 5}", "2:9: `eject.error` is not a known key. Did you mean `errors`?"),
            (
                "health: {path: healthz}",
                "2:16: `health.path` must be a path, not \"healthz\". Write for example /healthz."
            ),
            (
                "health: {status: 200}",
                "2:18: `health.status` says what a path answers, and there is no `path`. "
                    + "Add `path`, or take `status` out: a check that only connects has no answer."
            ),
            ("health: {down: 0}", "2:16: `health.down` must be a whole number from 1 to 100, not \"0\"."),
        ])
    func problems(text: String, problem: String) throws {
        #expect(
            try configuration.problems("services/data.yaml", "instances: unix:a.sock\n\(text)\n")
                == ["services/data.yaml:\(problem)"])
    }

    @Test("a weight out of bounds, and an entry without an address, are said")
    func entries() throws {
        #expect(
            try configuration.problems("services/data.yaml", "instances: [{address: unix:a.sock, weight: 0}]\n")
                == ["services/data.yaml:1:44: `instances.weight` must be a whole number from 1 to 1000, not \"0\"."])
        #expect(
            try configuration.problems("services/data.yaml", "instances: [{weight: 2}]\n")
                == [
                    "services/data.yaml:1:13: `instances.address` is missing. "
                        + "Add it, for example: `address: unix:/run/name.sock`."
                ])
    }
}
