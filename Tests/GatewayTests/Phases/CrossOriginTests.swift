import Testing

@testable import Gateway

@Suite("Pages of other origins")
struct CrossOriginTests {
    private static let origin = "Origin: https://app.example"
    private static let listed = """
        service: data
        methods: [GET, PUT]
        auth: required
        cors:
          origins: [https://app.example, "https://*.example.org"]
          expose: [X-Total]
          credentials: true
          max_age: 10m
        """

    private func preflight(_ path: String, _ fields: String...) -> String {
        request("OPTIONS", path, ["Access-Control-Request-Method: PUT"] + fields)
    }

    @Test(
        "a preflight is answered at the gate: no token is asked for, no service hears of it, OPTIONS need not be taken")
    func answered() throws {
        let gateway = try TestGateway(["x": Self.listed])
        let service = try gateway.service()
        let client = try gateway.client()
        let answer = try gateway.answer(preflight("/x", Self.origin), from: client)
        #expect(answer.status == 204)
        #expect(answer["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(answer["Access-Control-Allow-Credentials"] == "true")
        #expect(answer["Access-Control-Allow-Methods"] == "GET, PUT, HEAD")
        #expect(answer["Access-Control-Allow-Headers"] == "Content-Type, Authorization")
        #expect(answer["Access-Control-Max-Age"] == "600")
        #expect(answer["Vary"] == "Origin")
        #expect(answer["Content-Length"] == nil)
        #expect(service.take() == nil)
        #expect(gateway.worker.counters.answered == 1)
        // The same connection goes on, and the next answer has nothing of this one.
        let next = try gateway.answer(get("/y", Self.origin), from: client)
        #expect(next.status == 404)
        #expect(next["Access-Control-Allow-Origin"] == nil && next["Vary"] == nil)
    }

    @Test(
        "an origin that is not listed is granted nothing, and is not forwarded either",
        arguments: [
            "https://evil.example", "null", "https://app.example.invalid", "https://app.example, https://app.example",
        ])
    func stranger(_ origin: String) throws {
        let gateway = try TestGateway(["x": Self.listed])
        let service = try gateway.service()
        let answer = try gateway.answer(preflight("/x", "Origin: \(origin)"))
        #expect(answer.status == 204)
        #expect(answer["Vary"] == "Origin")
        #expect(!answer.names.contains { $0.hasPrefix("access-control") })
        #expect(service.take() == nil)
        // Two origins are none.
        let twice = try gateway.answer(preflight("/x", Self.origin, Self.origin))
        #expect(!twice.names.contains { $0.hasPrefix("access-control") })
    }

    @Test("errors of the gate can be read by the page: 401, 405, 413, 429")
    func errors() throws {
        let gateway = try TestGateway([
            "x": Self.listed + "\nbody_limit: 4",
            "r": "service: data\nrate: 1/h\ncors: {origins: [https://app.example]}",
        ])
        let unauthorised = try gateway.answer(get("/x", Self.origin))
        #expect(unauthorised.status == 401)
        #expect(unauthorised["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(unauthorised["Access-Control-Expose-Headers"] == "X-Total")
        #expect(
            try gateway.answer(request("DELETE", "/x", [Self.origin]))["Access-Control-Allow-Credentials"] == "true")
        let long = try gateway.answer(request("PUT", "/x", [Self.origin], body: "12345"))
        #expect(long.status == 413 && long["Access-Control-Allow-Origin"] == "https://app.example")
        _ = try gateway.answer(get("/r", Self.origin))
        let refused = try gateway.answer(get("/r", Self.origin))
        #expect(refused.status == 429 && refused["Access-Control-Allow-Origin"] == "https://app.example")
        // OPTIONS that is no preflight is a request like any other.
        #expect(try gateway.answer(request("OPTIONS", "/x", [Self.origin])).status == 405)
    }

    /// What becomes of an answer of a service that has its own mind on origins.
    private func delivered(_ route: String, _ fields: String...) throws -> (seen: Seen, answer: Answer) {
        let gateway = try TestGateway(["x": route])
        let response = ok(
            "x", "Access-Control-Allow-Origin: *", "access-control-allow-credentials: true",
            "Access-Control-Expose-Headers: X-Inside", "Vary: Accept", "X-Other: 1")
        return try gateway.exchange(request("GET", "/x", fields), response, at: try gateway.service())
    }

    @Test("of a service's answer its own words on origins are dropped, and the route's are said; without an origin too")
    func answers() throws {
        let route = "service: data\ncors: {origins: [https://app.example]}"
        let (seen, answer) = try delivered(route, Self.origin)
        #expect(seen["Origin"] == "https://app.example")
        #expect(answer.names.filter { $0.hasPrefix("access-control") } == ["access-control-allow-origin"])
        #expect(answer["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(answer.fields.filter { $0.name == "Vary" }.map(\.value) == ["Origin", "Accept"])
        #expect(answer["X-Other"] == "1")
        let plain = try delivered(route).answer
        #expect(plain.fields.filter { $0.name == "Vary" }.map(\.value) == ["Origin", "Accept"])
        #expect(!plain.names.contains { $0.hasPrefix("access-control") })
        // A route without `cors` leaves that to its service.
        let untouched = try delivered("service: data", Self.origin).answer
        #expect(untouched["Access-Control-Allow-Origin"] == "*")
        #expect(untouched["Access-Control-Allow-Credentials"] == "true")
        #expect(untouched["Vary"] == "Accept")
    }

    @Test("`*` says the same to all, and `headers: \"*\"` names what was asked for")
    func all() throws {
        let gateway = try TestGateway(["x": "service: data\ncors: {origins: \"*\", headers: \"*\"}"])
        let answer = try gateway.answer(
            preflight("/x", "Origin: https://any.example", "Access-Control-Request-Headers: x-one, authorization"))
        #expect(answer["Access-Control-Allow-Origin"] == "*")
        #expect(answer["Access-Control-Allow-Headers"] == "x-one, authorization")
        #expect(answer["Vary"] == "Access-Control-Request-Headers")
        #expect(answer["Access-Control-Allow-Credentials"] == nil)
        #expect(answer["Access-Control-Allow-Methods"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH")
        let strange = try gateway.answer(
            preflight("/x", "Origin: https://any.example", "Access-Control-Request-Headers: a;b=\"c\""))
        #expect(strange["Access-Control-Allow-Headers"] == nil)
    }
}
