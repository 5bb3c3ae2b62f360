import Glibc
import Testing

@Suite("Names of outside services")
struct NameTests {
    private func service(_ address: String, port: UInt16 = 0) throws -> ScriptedService {
        try ScriptedService(address: address, port: port) { _ in Answer.ok(address) }
    }

    @Test("a name is looked up at the start, by way of an alias too, and the service is told its own name")
    func start() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("url: http://far.example:\(service.port)/v1\nallow_private: true\n")
        fixture.dns["far.example"] = .alias("other.example", ttl: 60)
        fixture.dns["other.example"] = .addresses(["127.0.0.1"], ttl: 60)
        let gateway = try fixture.start()
        // Ready is ready: the first request is served.
        let answer = try gateway.request("GET", "/far/a?x=1")
        #expect(answer.status == 200)
        let seen = try #require(service.record.value.requests.first)
        #expect(seen.start == "GET /v1/a?x=1 HTTP/1.1")
        #expect(seen["Host"] == ["far.example:\(service.port)"])
        #expect(seen["X-Forwarded-For"] == [] && seen["X-Request-Id"] == [])
    }

    @Test("a name is looked up again when its time is over, and requests go where it leads then")
    func renewal() throws {
        let first = try service("127.0.0.1")
        let second = try service("127.0.0.2", port: first.port)
        let fixture = try OutsideFixture("url: http://far.example:\(first.port)\nallow_private: true\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1"], ttl: 1)
        let gateway = try fixture.start()
        #expect(try gateway.request("GET", "/far/a").text == "127.0.0.1")
        fixture.dns["far.example"] = .addresses(["127.0.0.2"], ttl: 1)
        #expect(try gateway.ask("/far/a") { $0.text == "127.0.0.2" }.text == "127.0.0.2")
        withExtendedLifetime(second) {}
    }

    @Test("all addresses of a name are used")
    func all() throws {
        let first = try service("127.0.0.1")
        let others = try ["127.0.0.2", "127.0.0.3"].map { try service($0, port: first.port) }
        let fixture = try OutsideFixture("url: http://far.example:\(first.port)\nallow_private: true\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1", "127.0.0.2", "127.0.0.3"], ttl: 60)
        let gateway = try fixture.start()
        let texts = try (0..<60).map { _ in try gateway.request("GET", "/far/a").text }
        #expect(Set(texts) == ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        withExtendedLifetime(others) {}
    }

    @Test("a name that leads inside is refused, at the start and after it led outside; the operator reads why")
    func rebinding() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("url: http://far.example:\(service.port)\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1", "::1", "::ffff:127.0.0.1"], ttl: 1)
        let gateway = try fixture.start()
        try gateway.request("GET", "/far/a").expect(503, error: "Service unavailable")
        try gateway.program.line { $0.contains("name leads to private addresses") && $0.contains("127.0.0.1") }
        // Asked again and again, judged again and again, said once.
        #expect(fixture.dns.asked("far.example", 3))
        #expect(try gateway.request("GET", "/far/a").status == 503)
        #expect(service.record.value.connections == 0)
        #expect(gateway.program.lines.filter { $0.contains("name leads to private addresses") }.count == 1)
    }

    @Test("a server that says nothing holds the start up for a moment only; the name is known as soon as it is told")
    func deadResolver() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("url: http://far.example:\(service.port)\nallow_private: true\n")
        fixture.dns["far.example"] = .silence
        let gateway = try fixture.start()
        try gateway.request("GET", "/far/a").expect(503, error: "Service unavailable")
        try gateway.program.line { $0.contains("name cannot be looked up") }
        fixture.dns["far.example"] = .addresses(["127.0.0.1"], ttl: 60)
        #expect(try gateway.ask("/far/a") { $0.status == 200 }.status == 200)
        try gateway.program.line { $0.contains("name is looked up again") }
    }

    @Test("the last good addresses serve while no server answers; a name that is gone for good serves no more")
    func stale() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("url: http://far.example:\(service.port)\nallow_private: true\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1"], ttl: 1)
        let gateway = try fixture.start()
        fixture.dns["far.example"] = .failure
        try gateway.program.line { $0.contains("name cannot be looked up") }
        #expect(try gateway.request("GET", "/far/a").status == 200)
        fixture.dns["far.example"] = nil
        #expect(try gateway.ask("/far/a") { $0.status == 503 }.status == 503)
    }

    @Test("instances of one's own may be named too, and lead to one's own network")
    func instances() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("instances: http://far.example:\(service.port)\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1"], ttl: 60)
        let gateway = try fixture.start()
        #expect(try gateway.request("GET", "/far/a").status == 200)
        #expect(service.record.value.requests.first?["Host"] == ["postern.test"])
    }

    @Test("a reload brings a new name, and the request after it is served")
    func reload() throws {
        let service = try service("127.0.0.1")
        let fixture = try OutsideFixture("url: http://far.example:\(service.port)\nallow_private: true\n")
        fixture.dns["far.example"] = .silence
        fixture.dns["new.example"] = .addresses(["127.0.0.1"], ttl: 60)
        let gateway = try fixture.start()
        try fixture.write("url: http://new.example:\(service.port)\nallow_private: true\n")
        gateway.program.signal(SIGHUP)
        try gateway.notify.message("RELOADING=1", from: gateway.program)
        try gateway.notify.message("READY=1", from: gateway.program)
        #expect(try gateway.request("GET", "/far/a").status == 200)
    }
}
