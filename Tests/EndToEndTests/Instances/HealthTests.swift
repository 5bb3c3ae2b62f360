import Testing

@Suite("Checking instances")
struct HealthTests {
    private static let health = "health: {path: /healthz, every: 100ms, timeout: 5s, up: 2, down: 3}"

    @Test("An instance whose checks fail gets no request, and is back when they pass")
    func downAndUp() throws {
        let instances = try InstanceFixture(Self.health)
        let (one, other) = (try instances.instance("one"), try instances.instance("other"))
        defer {
            one.stop()
            other.stop()
        }
        let gateway = try instances.start()
        #expect(try Set(gateway.answers(40).keys) == ["one", "other"])
        other.state.change { $0.isWell = false }
        try gateway.program.line { $0.contains("instance is down") && $0.contains("other.sock") && $0.contains("500") }
        #expect(try gateway.answers(40) == ["one": 40])
        other.state.change { $0.isWell = true }
        try gateway.program.line { $0.contains("instance is up again") && $0.contains("other.sock") }
        #expect(try Set(gateway.answers(40).keys) == ["one", "other"])
    }

    @Test("Where no instance is well the service is 503 with Retry-After at once, and STATUS= says so")
    func noneIsWell() throws {
        let instances = try InstanceFixture(Self.health)
        let one = try instances.instance("one")
        defer { one.stop() }
        one.state.change { $0.isWell = false }
        let gateway = try instances.start()
        try gateway.program.line { $0.contains("instance is down") }
        let before = one.state.value.requests
        let message = try gateway.request("GET", "/many/x")
        message.expect(503, error: "Service unavailable")
        #expect(message["Retry-After"] == ["1"])
        #expect(one.state.value.requests == before)
        _ = try gateway.program.stop()
        try gateway.program.line { $0.contains("stopped") && $0.contains("no healthy instance of many") }
    }

    @Test("A new socket gets its first request when its first check has passed")
    func joins() throws {
        let instances = try InstanceFixture(Self.health)
        let one = try instances.instance("one")
        defer { one.stop() }
        let gateway = try instances.start()
        let other = try instances.instance("other")
        defer { other.stop() }
        other.state.change { $0.isWell = false }
        try gateway.program.line { $0.contains("instances changed added=1") }
        other.checks(3)
        #expect(try gateway.answers(40) == ["one": 40])
        #expect(other.state.value.requests == 0)
        other.state.change { $0.isWell = true }
        try gateway.program.line { $0.contains("instance has joined") && $0.contains("other.sock") }
        #expect(try Set(gateway.answers(40).keys) == ["one", "other"])
    }

    @Test("Without a path a connection is enough; one that takes none is out")
    func connectOnly() throws {
        let instances = try InstanceFixture("")
        try instances.fixture.write(
            "services/many.yaml",
            "instances: [unix:many/one.sock, unix:many/other.sock]\nhealth: {every: 100ms}\n")
        let one = try instances.instance("one")
        defer { one.stop() }
        let gateway = try instances.start()
        try gateway.program.line { $0.contains("instance is down") && $0.contains("other.sock") }
        #expect(try gateway.answers(20) == ["one": 20])
        let other = try instances.instance("other")
        defer { other.stop() }
        try gateway.program.line { $0.contains("instance is up again") && $0.contains("other.sock") }
        #expect(try Set(gateway.answers(40).keys) == ["one", "other"])
        #expect(other.state.value.checks == 0)
    }
}
