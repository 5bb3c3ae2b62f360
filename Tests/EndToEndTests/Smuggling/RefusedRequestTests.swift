import Testing

/// Requests that two readers could read in two ways are refused before anything of them is sent on, and what follows on
/// the connection is not read.
@Suite("Requests that are ambiguous")
struct RefusedRequestTests {
    private static let get = "GET /slow/x HTTP/1.1\r\n"
    private static let host = "Host: postern.test\r\n"
    private static let post = "POST /slow/x HTTP/1.1\r\n" + host

    /// Sends `raw` and a good request after it; expects one refusal, the end of the connection, and a service that heard
    /// nothing.
    private func expectRefusal(
        _ raw: Raw, _ status: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(raw.text + "GET /slow/smuggled HTTP/1.1\r\nHost: postern.test\r\n\r\n")
        let answer = try client.response()
        #expect(answer.status == status, sourceLocation: sourceLocation)
        #expect(answer.text.hasPrefix(#"{"error":""#), sourceLocation: sourceLocation)
        #expect(answer["Connection"] == ["close"], sourceLocation: sourceLocation)
        client.finishSending()
        #expect(client.everything().isEmpty, sourceLocation: sourceLocation)
        #expect(client.end == .closed, sourceLocation: sourceLocation)
        #expect(main.record.value.requests.isEmpty, sourceLocation: sourceLocation)
        #expect(main.record.value.errors.isEmpty, sourceLocation: sourceLocation)
    }

    @Test(
        "Content-Length and Transfer-Encoding together, twice, or in any form but the plain one",
        arguments: [
            Raw(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
            Raw(post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
            Raw(post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
            Raw(post + "Content-Length: 3, 3\r\n\r\nabc"), Raw(post + "Content-Length: +3\r\n\r\nabc"),
            Raw(post + "Content-Length: -3\r\n\r\n"), Raw(post + "Content-Length: 0x3\r\n\r\nabc"),
            Raw(post + "Content-Length: 3_0\r\n\r\n"), Raw(post + "Content-Length:\r\n\r\n"),
            Raw(post + "Content-Length: \r\n\r\n"), Raw(post + "Content-Length: 3 3\r\n\r\nabc"),
            Raw(post + "Content-Length: 18446744073709551619\r\n\r\nabc"),
            Raw(post + "Content-Length : 3\r\n\r\nabc"), Raw(post + "Content-Length: 3\u{B}\r\n\r\nabc"),
            Raw(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
            Raw(post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), Raw(post + "Transfer-Encoding:\r\n\r\n"),
            Raw("POST /slow/x HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ])
    func framing(_ raw: Raw) throws { try expectRefusal(raw, 400) }

    @Test(
        "Lines that end in a bare LF or CR, folded lines, names that are empty, spaced or not ASCII, controls",
        arguments: [
            Raw("GET /slow/x HTTP/1.1\n" + host + "\r\n"), Raw(get + "Host: postern.test\n\r\n"),
            Raw(get + host + "A: 1\rB: 2\r\n\r\n"), Raw(get + host + "A: 1\nB: 2\r\n\r\n"), Raw(get + host + "\n"),
            Raw(get + host + "A: 1\r\n folded\r\n\r\n"), Raw(get + host + "A: 1\r\n\tfolded\r\n\r\n"),
            Raw(get + " A: 1\r\n" + host + "\r\n"), Raw(get + host + ": 1\r\n\r\n"), Raw(get + host + "A : 1\r\n\r\n"),
            Raw(get + host + "A B: 1\r\n\r\n"), Raw(get + host + "no colon\r\n\r\n"),
            Raw(get + host + "A\u{0}: 1\r\n\r\n"), Raw(get + host + "A: 1\u{0}\r\n\r\n"),
            Raw(get + host + "A: 1\u{7F}\r\n\r\n"), Raw(get + host + "\u{E4}: 1\r\n\r\n"),
            Raw(get + host + "A(): 1\r\n\r\n"), Raw(get + host + "A\u{B}: 1\r\n\r\n"),
        ])
    func lines(_ raw: Raw) throws { try expectRefusal(raw, 400) }

    @Test(
        "Host that is missing, twice or more than a host, and other fields twice that decide who asks",
        arguments: [
            Raw(get + "\r\n"), Raw(get + host + host + "\r\n"), Raw(get + host + "Host: evil.test\r\n\r\n"),
            Raw(get + "Host:\r\n\r\n"), Raw(get + "Host: a b\r\n\r\n"), Raw(get + "Host: user@postern.test\r\n\r\n"),
            Raw(get + "Host: postern.test/x\r\n\r\n"), Raw(get + "Host: a,b\r\n\r\n"),
            Raw(get + "Host: postern.test:x\r\n\r\n"), Raw(get + host + "Authorization: a\r\nAuthorization: a\r\n\r\n"),
            Raw(get + host + "Authorization: a\r\nauthorization: b\r\n\r\n"),
        ])
    func fields(_ raw: Raw) throws { try expectRefusal(raw, 400) }

    @Test(
        "Request lines and targets that are not plainly one thing",
        arguments: [
            Raw("GET  /slow/x HTTP/1.1\r\n" + host + "\r\n"), Raw("GET /slow/x  HTTP/1.1\r\n" + host + "\r\n"),
            Raw("GET\t/slow/x HTTP/1.1\r\n" + host + "\r\n"), Raw("GET /slow/x HTTP/1.1 \r\n" + host + "\r\n"),
            Raw("GET /slow/ x HTTP/1.1\r\n" + host + "\r\n"), Raw(" GET /slow/x HTTP/1.1\r\n" + host + "\r\n"),
            Raw("GET /slow/x\r\n" + host + "\r\n"), Raw("G(T /slow/x HTTP/1.1\r\n" + host + "\r\n"),
            Raw("GET /slow/\u{0}x HTTP/1.1\r\n" + host + "\r\n"), Raw("GET /slow/\rx HTTP/1.1\r\n" + host + "\r\n"),
            Raw("CONNECT postern.test:80 HTTP/1.1\r\n" + host + "\r\n"),
            Raw("GET /slow/x HTTP/1.1\r\r\n" + host + "\r\n"),
        ])
    func requestLines(_ raw: Raw) throws { try expectRefusal(raw, 400) }

    @Test(
        "Another version of the protocol is 505",
        arguments: [
            Raw("GET /slow/x HTTP/2.0\r\n" + host + "\r\n"), Raw("GET /slow/x HTTP/1.2\r\n" + host + "\r\n"),
            Raw("GET /slow/x HTTP/0.9\r\n" + host + "\r\n"), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ])
    func versions(_ raw: Raw) throws { try expectRefusal(raw, 505) }

    @Test("A head without bounds is 431, a target without bounds 414")
    func bounds() throws {
        try expectRefusal(Raw(Self.get + Self.host + "A: \(String(repeating: "x", count: 20_000))\r\n\r\n"), 431)
        try expectRefusal(Raw(Self.get + Self.host + String(repeating: "A: x\r\n", count: 101) + "\r\n"), 431)
        let large = String(repeating: "A: \(String(repeating: "x", count: 4000))\r\n", count: 9)
        try expectRefusal(Raw(Self.get + Self.host + large + "\r\n"), 431)
        try expectRefusal(Raw("GET /slow/\(String(repeating: "x", count: 9000)) HTTP/1.1\r\n\(Self.host)\r\n"), 414)
    }

    @Test("An expectation that nobody knows is 417")
    func expectation() throws { try expectRefusal(Raw(Self.post + "Expect: more\r\nContent-Length: 0\r\n\r\n"), 417) }

    @Test(
        "A chunked body that is malformed is 400, and the service never has a whole request",
        arguments: [
            "0x3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "3_\r\nabc\r\n0\r\n\r\n",
            " 3\r\nabc\r\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n", "3;a=b\r\nabc\r\n0\r\n\r\n", "3;\r\nabc\r\n0\r\n\r\n",
            "3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\rabc\r\n0\r\n\r\n", "\r\n",
            "g\r\n", "fffffffffffffffff\r\n", "0\r\nContent-Length: 3\r\n\r\n",
            "0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "0\r\nPostern-User: 1\r\n\r\n", "0\r\nA: 1\r\n folded\r\n\r\n", "0\r\nno colon\r\n\r\n", "0\n\r\n",
            "0\r\n\n",
        ] as [Raw], ["POST", "DELETE"])
    func chunks(_ chunks: Raw, _ method: String) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("\(method) /slow/x HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n\(chunks.text)")
        let answer = try client.response()
        answer.expect(400, error: "Bad request")
        #expect(answer["Connection"] == ["close"])
        client.send("GET /slow/smuggled HTTP/1.1\r\n\(Self.host)\r\n")
        client.finishSending()
        #expect(client.everything().isEmpty)
        #expect(main.record.value.requests.isEmpty)
        // The next request reaches the service on a connection of its own.
        #expect(try gateway.request("GET", "/slow/next").text == "ok")
        #expect(main.record.value.requests.map(\.target) == ["/slow/next"])
    }

    @Test(
        "A path that could be read in two ways is 400, and reaches nobody",
        arguments: [
            "/slow//x", "//slow/x", "/open/../slow/x", "/slow/./x", "/slow/%2e%2e/x", "/slow/%2E/x", "/slow/.%2e/x",
            "/slow\\x", "/slow/%5cx", "/slow/%00", "/slow/x;a", "/slow/x#a", "/slow/%zz", "/slow/%c0%af",
            "http://evil.test/slow/x", "http://postern.test:80/slow/x", "http://postern.test@evil.test/slow/x",
            "http://postern.test//slow/x", "http://postern.test", "slow/x", "*", "/slow/\u{E4}", "/slow/x?a=%zz",
            "/slow/x?a=\u{E4}",
            "/slow/%0d%0aX: 1",
        ])
    func paths(_ target: String) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        try fixture.start().request("GET", target).expect(400, error: "Bad request")
        #expect(main.record.value.requests.isEmpty)
    }

    @Test("The bytes of a path that were judged are the bytes that arrive")
    func canonical() throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        defer { main.stop() }
        let gateway = try fixture.start()
        for (sent, arrives) in [
            ("/slow/x", "/slow/x"), ("/slow/%78", "/slow/x"), ("/sl%6fw/%7Ex", "/slow/~x"),
            ("/slow/a%2fb", "/slow/a%2Fb"),
            ("/slow/a%20b", "/slow/a%20b"), ("/slow/%c3%a4", "/slow/%C3%A4"), ("/slow/x?%78=%7a", "/slow/x?%78=%7a"),
            ("http://postern.test/slow/x?a", "/slow/x?a"), ("/slow/a%3fb", "/slow/a%3Fb"),
            ("/slow/a%25zz", "/slow/a%25zz"), ("/slow/x?", "/slow/x?"),
        ] {
            #expect(try gateway.request("GET", sent).status == 200)
            #expect(main.record.value.requests.last?.target == arrives)
        }
    }
}
