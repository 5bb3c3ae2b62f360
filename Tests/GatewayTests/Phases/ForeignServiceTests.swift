import Testing

@testable import Gateway
@testable import Shared

@Suite("What a service with a URL gets")
struct ForeignServiceTests {
    private let service: PlayedService

    init() throws { service = try PlayedService(address: "127.0.0.1") }

    private func seen(
        _ request: String, settings: String = "", routes: [String: String]? = nil
    ) throws -> Seen {
        let gateway = try TestGateway(
            routes ?? ["[...path]": "service: far"],
            services: ["far": "url: http://127.0.0.1:\(service.port)/v1\n\(settings)"])
        let client = try gateway.client(tcpPair())
        client.send(request)
        return try gateway.seen(by: service).request
    }

    @Test("its own path before the request's, and its own name as Host")
    func place() throws {
        let seen = try seen(get("/a/b?x=1", "Accept: */*"))
        #expect(seen.line == "GET /v1/a/b?x=1 HTTP/1.1")
        #expect(seen.fields.map(\.name) == ["Host", "Accept"])
        #expect(seen.values("Host") == ["127.0.0.1:\(service.port)"])
    }

    @Test("a route's path stands behind the service's")
    func template() throws {
        let seen = try seen(
            get("/weather/Bonn"), routes: ["weather/[city]": "service: far\npath: /current/{city}"])
        #expect(seen.line == "GET /v1/current/Bonn HTTP/1.1")
    }

    @Test("nothing of the client's address, of the public host, of the page, or of the request's number")
    func silence() throws {
        let seen = try seen(
            get(
                "/a", "Origin: https://www.example", "Referer: https://www.example/secret", "X-Forwarded-For: 1.2.3.4",
                "Postern-User: 1"))
        #expect(seen.fields.map(\.name) == ["Host"])
    }

    @Test("what the client says to it goes on: its own token and cookies where no route judges them")
    func credentials() throws {
        let seen = try seen(get("/a", "Authorization: Bearer own", "Cookie: a=b"))
        #expect(seen["Authorization"] == "Bearer own")
        #expect(seen["Cookie"] == "a=b")
    }

    @Test("forwarding and identity can be asked for")
    func asked() throws {
        let seen = try seen(get("/a"), settings: "forwarding: x-forwarded")
        #expect(seen.values("X-Forwarded-For") == ["127.0.0.1"])
        #expect(seen.values("X-Forwarded-Host") == ["api.example"])
        #expect(seen["X-Request-Id"] != nil)
    }

    @Test("`Forwarded` in the words of RFC 7239")
    func forwarded() throws {
        let seen = try seen(get("/a"), settings: "forwarding: forwarded")
        #expect(seen.values("Forwarded") == [#"for=127.0.0.1;host="api.example";proto=http"#])
        #expect(seen["X-Forwarded-For"] == nil)
        #expect(seen["X-Request-Id"] != nil)
    }

    @Test("an IPv6 address stands in brackets and quotes")
    func forwardedLong() throws {
        let gateway = try TestGateway(
            ["[...path]": "service: far"],
            services: ["far": "url: http://127.0.0.1:\(service.port)\nforwarding: forwarded"])
        let client = try gateway.client(tcpPair(address: "::1"))
        client.send(get("/a"))
        let seen = try gateway.seen(by: service).request
        #expect(seen.values("Forwarded") == [#"for="[::1]";host="api.example";proto=http"#])
    }

    @Test("instances of one's own may be asked with `Forwarded`, or with nothing of the client, too")
    func instances() throws {
        let gateway = try TestGateway(services: ["data": "instances: unix:data.sock\nforwarding: none"])
        let service = try gateway.service()
        try gateway.client(tcpPair()).send(get("/a", "Referer: https://www.example/x"))
        let seen = try gateway.seen(by: service).request
        #expect(seen.values("Host") == ["api.example"])
        #expect(seen["Referer"] == "https://www.example/x")
        #expect(seen["X-Forwarded-For"] == nil && seen["X-Request-Id"] == nil)
    }

    @Test("a field of the page that Connection names ends here as any other")
    func connectionNames() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/a", "Connection: Referer", "Referer: https://www.example/x"))
        #expect(try gateway.seen(by: service).request["Referer"] == nil)
    }
}
