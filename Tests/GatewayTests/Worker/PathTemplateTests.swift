import Testing

@testable import Gateway
@testable import Shared

@Suite("The path that a service is asked for")
struct PathTemplateTests {
    /// What the service sees for a request of `target` on a route with a `path`.
    private func seen(_ route: String, _ path: String, _ target: String) throws -> String {
        let gateway = try TestGateway([route: "service: data\npath: \(path)"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send("GET \(target) HTTP/1.1\r\nHost: a.example\r\n\r\n")
        return String(try gateway.seen(by: service).request.line.split(separator: " ")[1])
    }

    @Test("parameters of the file's name stand where the path says")
    func parameters() throws {
        #expect(try seen("weather/[city]", "/current/{city}", "/weather/Oslo") == "/current/Oslo")
        #expect(try seen("a/[x]/[y]", "/{y}/of-{x}.json", "/a/1/2") == "/2/of-1.json")
        #expect(try seen("a", "/fixed/path", "/a") == "/fixed/path")
    }

    @Test("a catch-all gives all its segments, and none leaves no slash behind")
    func catchAll() throws {
        #expect(try seen("f/[...path]", "/files/{path...}", "/f/a/b/c") == "/files/a/b/c")
        #expect(try seen("f/[[...path]]", "/files/{path...}", "/f") == "/files")
        #expect(try seen("f/[[...path]]", "/{path...}", "/f") == "/")
    }

    @Test("the query is the request's own")
    func query() throws {
        #expect(
            try seen("weather/[city]", "/current/{city}", "/weather/Oslo?days=2&x=%2F") == "/current/Oslo?days=2&x=%2F")
    }

    @Test(
        "a parameter never becomes another segment, a query or a field",
        arguments: [
            ("a%2Fb", "a%2Fb"), ("a%3Fx=1", "a%3Fx=1"), ("a%23b", "a%23b"), ("%25%32%66", "%252f"), ("a@b", "a@b"),
        ])
    func injection(_ given: String, _ expected: String) throws {
        #expect(try seen("weather/[city]", "/current/{city}/now", "/weather/\(given)") == "/current/\(expected)/now")
    }

    @Test("a credential stands in a path as one segment or a part of one, whatever is in it")
    func credential() throws {
        let gateway = try TestGateway(
            ["w/[city]": "service: data\npath: '/bot{credential:key}/{city}'"], secrets: ["key": "a/b?c#d:e@f"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/w/x?y"))
        #expect(try gateway.seen(by: service).request.line == "GET /bota%2Fb%3Fc%23d%3Ae%40f/x?y HTTP/1.1")
    }

    @Test(
        "a credential that is no segment is an error that does not show it", arguments: ["..", "a/..", "a\\b", "a\tb"])
    func badCredential(secret: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try TestGateway(["w": "service: data\npath: '/{credential:key}/x'"], secrets: ["key": secret])
        }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.description.contains(secret) == false)
    }

    @Test("periods of the template beside an escaped slash of a parameter are no dot segment")
    func lonePeriods() throws {
        for (path, target) in [
            ("/{a}..", "/x%2F/y"), ("/..{a}", "/%2Fx/y"), ("/{a}.{b}", "/x%2F/%2Fy"), ("/{a}%2e%2E", "/x%2F/y"),
        ] {
            let gateway = try TestGateway(["[a]/[b]": "service: data\npath: '\(path)'"])
            #expect(try gateway.answer(get(target)).status == 400, "\(path)")
        }
        #expect(try seen("[a]/[b]", "/{a}.{b}", "/x/y") == "/x.y")
        #expect(try seen("[a]/[b]", "/{a}-{b}", "/x%2F/y") == "/x%2F-y")
    }

    @Test(
        "what could leave its place is refused before it gets there",
        arguments: ["..", "%2e%2e", "a%0d%0aX:%20y", "a%00", "a%5cb", "a%2F..%2Fb"])
    func refused(_ given: String) throws {
        let gateway = try TestGateway(["weather/[city]": "service: data\npath: /current/{city}"])
        let client = try gateway.client()
        client.send("GET /weather/\(given) HTTP/1.1\r\nHost: a.example\r\n\r\n")
        gateway.settle()
        #expect(client.receiveText().hasPrefix("HTTP/1.1 400 "))
    }

    @Test(
        "a path that cannot be used is an error of its line, with the mend",
        arguments: [
            ("/current/{town}", "the route has no parameter 'town'. It has: {city}."),
            ("/current/{city", "a brace is not closed. Write {name}, or {{ for a brace."),
            ("/current/{city...}", "'{city...}' does not go with [city]. Write {city}."),
            (
                "/current?city={city}",
                "a path has no query. Take the question mark and what follows out: `query` is for that."
            ),
        ])
    func faults(_ path: String, _ problem: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try TestGateway(["weather/[city]": "service: data\npath: '\(path)'"])
        }
        let text = try #require(error?.problems.first?.description)
        #expect(text.hasSuffix("routes/weather/[city].yaml:2:7: `path`: \(problem)"))
        #expect(error?.problems.count == 1)
    }

    @Test("a path that is none is an error too", arguments: ["current", "/a//b", "/a/../b", "/{city}/x;y"])
    func noPath(_ path: String) {
        #expect(throws: ConfigurationError.self) {
            try TestGateway(["weather/[city]": "service: data\npath: '\(path)'"])
        }
    }
}
