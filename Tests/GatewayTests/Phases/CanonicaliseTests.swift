import Testing

@testable import Gateway

@Suite("The path is decided once")
struct CanonicaliseTests {
    @Test("what is forwarded is the path that was judged, its query as it came")
    func canonical() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let paths = [
            ("/", "/"), ("/a/b", "/a/b"), ("/%61/b%2fc", "/a/b%2Fc"), ("/a?x=%61&y=+", "/a?x=%61&y=+"), ("/a?", "/a?"),
        ]
        for (sent, forwarded) in paths {
            let (seen, answer) = try gateway.exchange(
                get(sent, "Connection: close"), ok("x", "Connection: close"), at: service)
            #expect(seen.line == "GET \(forwarded) HTTP/1.1")
            #expect(answer.status == 200)
        }
    }

    @Test("a target in absolute form is taken when it names the host that Host names")
    func absoluteForm() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let (seen, _) = try gateway.exchange(get("http://api.example/a/b?c=d"), ok("x"), at: service)
        #expect(seen.line == "GET /a/b?c=d HTTP/1.1")
        #expect(seen.values("Host") == ["api.example"])
        #expect(try gateway.answer(get("http://other.example/a")).status == 400)
    }

    @Test("the gate is no tunnel, and has no target but a path")
    func otherForms() throws {
        let gateway = try TestGateway()
        #expect(try gateway.answer("CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n").status == 400)
        #expect(try gateway.answer(request("OPTIONS", "*")).status == 400)
    }
}
