import Testing

@testable import Gateway
@testable import Shared

@Suite("The query that a service gets")
struct QueryRuleTests {
    /// The target that the service sees for a request of `target` on the route `w/[city]` with `query`.
    private func seen(_ query: String, _ target: String) throws -> String {
        let gateway = try TestGateway(["w/[city]": "service: data\nquery: \(query)"], secrets: ["key": "s3c&r=t"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send("GET \(target) HTTP/1.1\r\nHost: a.example\r\n\r\n")
        return String(try gateway.seen(by: service).request.line.split(separator: " ")[1])
    }

    @Test("parameters are set, in their order, with what stands for itself escaped")
    func set() throws {
        #expect(try seen("{units: metric, q: '{city}'}", "/w/Oslo") == "/w/Oslo?units=metric&q=Oslo")
        #expect(try seen("{q: 'a b&c=Å'}", "/w/x") == "/w/x?q=a%20b%26c%3D%C3%85")
        #expect(try seen("{'a&b': 1}", "/w/x") == "/w/x?a%26b=1")
        #expect(try seen("{q: ''}", "/w/x") == "/w/x?q=")
    }

    @Test("a list gives a parameter several times, an empty one takes the client's out")
    func lists() throws {
        #expect(try seen("{tag: [a, '{city}']}", "/w/x?tag=c") == "/w/x?tag=a&tag=x")
        #expect(try seen("{debug: []}", "/w/x?debug=1&a=2") == "/w/x?a=2")
        #expect(try seen("{debug: []}", "/w/x?debug=1") == "/w/x")
    }

    @Test("a credential stands in it escaped")
    func credential() throws {
        #expect(try seen("{key: '{credential:key}'}", "/w/x") == "/w/x?key=s3c%26r%3Dt")
    }

    @Test("what else the client asks goes on byte for byte")
    func others() throws {
        let rest = "a=%2f%2F+&&b&c==1;d=;e&=f"
        #expect(try seen("{key: v}", "/w/x?\(rest)") == "/w/x?\(rest)&key=v")
        #expect(try seen("{key: v}", "/w/x?") == "/w/x?key=v")
        #expect(try seen("{key: v}", "/w/x?keys=1&mykey=2&k=3") == "/w/x?keys=1&mykey=2&k=3&key=v")
    }

    @Test(
        "a client cannot set what the route sets, however it is written",
        arguments: [
            "key=evil", "key", "key=", "KEY=evil", "%6bey=evil", "%6B%45%79=evil", "k%65y=evil&key=evil", "key[]=evil",
            "key[a][b]=evil", "key%5B%5D=evil", "%20key=evil", "+key=evil", "key%00x=evil", "key;a=evil",
        ])
    func spellings(query: String) throws {
        #expect(try seen("{key: '{credential:key}'}", "/w/x?\(query)") == "/w/x?key=s3c%26r%3Dt")
        #expect(
            try seen("{key: '{credential:key}'}", "/w/x?a=1&\(query)&b=2") == "/w/x?a=1&b=2&key=s3c%26r%3Dt")
    }

    @Test("a semicolon hides nothing from services that split there")
    func semicolons() throws {
        #expect(try seen("{key: v}", "/w/x?a=1;key=evil;b=2") == "/w/x?a=1;b=2&key=v")
        #expect(try seen("{key: v}", "/w/x?a=1;%6bey=evil&b") == "/w/x?a=1&b&key=v")
    }

    @Test("names that PHP takes for the same are the same", arguments: ["api.key", "api_key", "api+key", "api%20key"])
    func aliases(name: String) throws {
        #expect(try seen("{api_key: v}", "/w/x?\(name)=evil") == "/w/x?api_key=v")
    }

    @Test("the segments of a catch-all stand between plain slashes, a slash inside of one is escaped")
    func catchAll() throws {
        let gateway = try TestGateway(["f/[[...path]]": "service: data\npath: /x\nquery: {p: '{path...}'}"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/f/a/b%2Fc&d"))
        // A connection that is let go is one that the service has dropped.
        let first = try gateway.seen(by: service)
        #expect(first.request.line == "GET /x?p=a/b%2Fc%26d HTTP/1.1")
        let other = try gateway.client()
        other.send(get("/f"))
        let second = try gateway.seen(by: service)
        #expect(second.request.line == "GET /x?p= HTTP/1.1")
        withExtendedLifetime((first.connection, second.connection)) {}
    }

    @Test(
        "what cannot be used is an error of its line",
        arguments: [
            ("{q: '{town}'}", "2:12: `query.q`: the route has no parameter 'town'. It has: {city}."),
            ("{q: {a: b}}", "2:12: `query.q` must be text, not a mapping."),
            ("[a]", "2:8: `query` must be a mapping, not a list. Write `key: value` lines, indented, below it."),
            ("{'': a}", "2:13: a parameter of the query has no name. Give it one."),
            ("{q: '{credential:none}'}", "2:12: `query.q`: {credential:none}"),
        ])
    func faults(query: String, problem: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try TestGateway(["w/[city]": "service: data\nquery: \(query)"])
        }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.description.contains("w/[city].yaml:\(problem)") == true, "\(error as Any)")
    }
}
