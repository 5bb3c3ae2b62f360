import Testing

@testable import Gateway
@testable import Shared

@Suite("Fields that a route sets and takes out")
struct FieldRulesTests {
    private func gateway(_ route: String, service: String = "") throws -> TestGateway {
        try TestGateway(
            ["w/[city]": "service: data\n\(route)"], services: ["data": "instances: unix:data.sock\n\(service)"],
            secrets: ["key": "s3cret", "user": "aladdin", "password": "open sesame"])
    }

    private func seen(_ gateway: TestGateway, _ request: String) throws -> Seen {
        let service = try gateway.service()
        return try gateway.exchange(request, ok("x"), at: service).seen
    }

    @Test("a field is set in place of the client's own, in any case")
    func set() throws {
        let gateway = try gateway("headers: {set: {X-Api-Key: 'k {credential:key}'}}")
        let seen = try seen(gateway, get("/w/x", "x-api-KEY: evil", "X-Api-Key: evil", "X-Api-Keys: mine"))
        #expect(seen.values("X-Api-Key") == ["k s3cret"])
        #expect(seen.values("X-Api-Keys") == ["mine"])
    }

    @Test("a client's Connection does not take out what is set")
    func connection() throws {
        let gateway = try gateway("headers: {set: {X-Api-Key: '{credential:key}'}}")
        let seen = try seen(gateway, get("/w/x", "Connection: X-Api-Key", "X-Api-Key: evil"))
        #expect(seen.values("X-Api-Key") == ["s3cret"])
    }

    @Test("a spelling with an underscore and a trailer do not pass for what is set")
    func otherWays() throws {
        let gateway = try gateway("headers: {set: {X-Api-Key: '{credential:key}'}, remove: [X-Other]}")
        let service = try gateway.service()
        let client = try gateway.client()
        client.send("POST /w/x HTTP/1.1\r\nHost: a\r\nX_Api_Key: evil\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("0\r\nX-Api-Key: evil\r\nx-other: evil\r\nX-Mine: 1\r\n\r\n")
        let (_, seen) = try gateway.seen(by: service)
        #expect(seen.values("X-Api-Key") == ["s3cret"])
        #expect(seen.body == "0\r\nX-Mine: 1\r\n\r\n")
        #expect(!seen.fields.contains { $0.value == "evil" })
    }

    @Test("fields are taken out, cookies and authorization too")
    func remove() throws {
        let gateway = try gateway("headers: {remove: [Cookie, authorization, X-A]}")
        let seen = try seen(gateway, get("/w/x", "Cookie: a=b", "Authorization: Basic x", "X-a: 1", "X-B: 2"))
        for name in ["Cookie", "Authorization", "X-A"] { #expect(seen.values(name) == []) }
        #expect(seen.values("X-B") == ["2"])
    }

    @Test("a parameter stands in a field escaped, all but letters, digits and -._~")
    func parameter() throws {
        let gateway = try gateway("headers: {set: {X-City: 'c={city}'}}")
        let seen = try seen(gateway, get("/w/a%2Cb%22;".replacing(";", with: "%3B") + "=%C3%A5@.~"))
        #expect(seen.values("X-City") == ["c=a%2Cb%22%3B%3D%C3%A5%40.~"])
    }

    @Test("username and password of credentials are Basic authentication, in place of the client's own")
    func basic() throws {
        let gateway = try gateway("basic: {username: '{credential:user}', password: '{credential:password}'}")
        let seen = try seen(gateway, get("/w/x", "Authorization: Basic ZXZpbDpldmls"))
        // RFC 7617 section 2.
        #expect(seen.values("Authorization") == ["Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ=="])
    }

    @Test("the route's word on a field counts more than its service's, whether it sets or takes out")
    func service() throws {
        let gateway = try gateway(
            "headers: {set: {X-A: route}, remove: [X-B, Authorization]}",
            service:
                "headers: {set: {X-A: service, X-B: service, X-C: service}, remove: [X-D]}\n"
                + "basic: {username: u, password: '{credential:key}'}")
        let seen = try seen(gateway, get("/w/x", "X-D: client", "X-C: client"))
        #expect(seen.values("X-A") == ["route"])
        #expect(seen.values("X-B") == [])
        #expect(seen.values("X-C") == ["service"])
        #expect(seen.values("X-D") == [])
        #expect(seen.values("Authorization") == [])
    }

    @Test("the answer's fields are set and taken out behind the mask")
    func response() throws {
        let gateway = try gateway(
            "headers: {response: {set: {Cache-Control: no-store, X-City: '{city}', Server: ours}, remove: [X-Debug]}}")
        let service = try gateway.service()
        let answer = try gateway.exchange(
            get("/w/Oslo"), ok("x", "cache-control: public", "X-DEBUG: 1", "Server: theirs", "X-Kept: 1"), at: service
        ).answer
        #expect(answer.fields.filter { $0.name.lowercased() == "cache-control" }.map(\.value) == ["no-store"])
        #expect(answer["X-City"] == "Oslo")
        #expect(answer.fields.filter { $0.name.lowercased() == "server" }.map(\.value) == ["ours"])
        #expect(answer["X-Debug"] == nil)
        #expect(answer["X-Kept"] == "1")
        #expect(answer.body == "x")
    }

    @Test("what is taken out of an answer does not come as a trailer")
    func responseTrailer() throws {
        let gateway = try gateway("headers: {response: {remove: [X-Debug]}}")
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/w/x", "TE: trailers", "Connection: TE"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Debug: 1\r\nX-Kept: 2\r\n\r\n")
        gateway.settle()
        let text = client.receiveText()
        #expect(text.hasSuffix("X-Kept: 2\r\n\r\n"))
        #expect(!text.contains("X-Debug"))
    }

    @Test(
        "what frames a message, concerns the connection or says who asks is not to be set or taken out",
        arguments: [
            "Content-Length", "transfer-encoding", "Connection", "Upgrade", "TE", "Trailer", "Keep-Alive",
            "Proxy-Authorization", "Expect", "Host", "Postern-User", "postern-claims", "X-Forwarded-For", "Forwarded",
            "X-Real-IP",
        ])
    func refused(name: String) throws {
        for block in ["{set: {\(name): x}}", "{remove: [\(name)]}"] {
            let error = #expect(throws: ConfigurationError.self) { try gateway("headers: \(block)") }
            #expect(error?.problems.count == 1)
            #expect(error?.problems.first?.description.contains("`headers.") == true)
        }
        #expect(throws: ConfigurationError.self) { try gateway("headers: {response: {set: {\(name): x}}}") }
    }

    @Test("an answer's Date is not to be set, nor its framing taken out", arguments: ["Date", "Content-Length"])
    func refusedInAnswers(name: String) {
        #expect(throws: ConfigurationError.self) { try gateway("headers: {response: {set: {\(name): x}}}") }
        #expect(throws: ConfigurationError.self) { try gateway("headers: {response: {remove: [\(name)]}}") }
    }

    @Test(
        "other mistakes are errors of their line",
        arguments: [
            ("headers: {set: {'a b': x}}", "\"a b\" is no name of a field"),
            ("headers: {set: {X-A: 1, x-a: 2}}", "one file speaks of the field x-a twice"),
            ("headers: {set: {X-A: 1}, remove: [x-a]}", "one file speaks of the field x-a twice"),
            ("headers: {set: {X-A: \"a\\nb\"}}", "a field's value holds a control character"),
            ("headers: {set: {X-A: ' a'}}", "begins or ends with a blank"),
            ("headers: {sets: {X-A: a}}", "`headers.sets` is not a known key. Did you mean `set`?"),
            ("basic: {username: u, password: hunter2}", "`basic.password` stands in the file itself"),
            ("basic: {username: '{city}', password: ''}", "`basic.username` holds a parameter of the request"),
            ("basic: {username: 'a:b', password: ''}", "a username with a colon"),
            ("basic: {username: u}", "`basic.password` is missing"),
            (
                "basic: {username: u, password: ''}\nheaders: {set: {Authorization: x}}",
                "`basic` and `headers` of one file both say what becomes of Authorization"
            ),
        ])
    func faults(route: String, problem: String) {
        let error = #expect(throws: ConfigurationError.self) { try gateway(route) }
        #expect(error?.problems.count == 1, "\(error as Any)")
        #expect(error?.problems.first?.description.contains(problem) == true, "\(error as Any)")
        #expect(error?.problems.first?.description.contains("hunter2") == false)
    }
}
