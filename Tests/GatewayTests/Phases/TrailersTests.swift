import Testing

@testable import Gateway
@testable import Shared

@Suite("Trailers of chunked bodies")
struct TrailersTests {
    private let response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"

    /// What the client gets of a body with these trailers.
    private func body(_ trailers: String..., to request: String) throws -> (seen: Seen, answer: Answer) {
        let gateway = try TestGateway()
        let lines = trailers.map { $0 + "\r\n" }.joined()
        return try gateway.exchange(request, response + lines + "\r\n", at: try gateway.service())
    }

    @Test("a client that says so gets the answer's, and its service is told that it will")
    func answers() throws {
        let (seen, answer) = try body(
            "X-Sum: 1", "grpc-status: 0", to: get("/x", "Connection: TE, X-Hop", "TE: gzip;q=0.5, Trailers"))
        #expect(seen.values("TE") == ["trailers"])
        #expect(seen.values("Connection") == ["TE"])
        #expect(answer.body == "1\r\nx\r\n0\r\nX-Sum: 1\r\ngrpc-status: 0\r\n\r\n")
    }

    @Test("another client gets none", arguments: [[], ["TE: trailers"], ["Connection: TE", "TE: gzip"]])
    func unasked(fields: [String]) throws {
        let (seen, answer) = try body("X-Sum: 1", to: request("GET", "/x", fields))
        #expect(seen["TE"] == nil)
        #expect(answer.body == "1\r\nx\r\n0\r\n\r\n")
    }

    @Test("HTTP/1.0 gets none, and the body ends as it should")
    func old() throws {
        let request = "GET /x HTTP/1.0\r\nConnection: TE\r\nTE: trailers\r\n\r\n"
        #expect(try body("X-Sum: 1", to: request).answer.body == "x")
    }

    @Test(
        "fields that describe the server, the content or how it is kept never pass as trailers",
        arguments: [
            "Server: inside", "Set-Cookie: a=b", "Location: /y", "Cache-Control: no-store", "Age: 1", "Vary: *",
            "Expires: 0", "Content-Encoding: gzip", "Content-Range: x", "Date: x", "Via: 1.1 inside",
            "Access-Control-Allow-Origin: *", "WWW-Authenticate: Basic", "X-Powered-By: inside",
        ])
    func answerFilter(field: String) throws {
        let accepting = get("/x", "Connection: TE", "TE: trailers")
        #expect(try body(field, to: accepting).answer.body == "1\r\nx\r\n0\r\n\r\n")
        #expect(
            try body("A: 1", field, "B: 2", to: accepting).answer.body == "1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n")
    }

    /// What the service sees behind the head of a request with these trailers; nil when the client was refused.
    private func sent(_ trailers: String...) throws -> String? {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "1\r\nx\r\n0\r\n")
        let (connection, seen) = try gateway.seen(by: service)
        client.send(trailers.map { $0 + "\r\n" }.joined() + "\r\n")
        gateway.settle()
        let text = client.receiveText()
        if !text.isEmpty {
            #expect(try Answer(text).status == 400)
            #expect(!connection.receiveText().hasSuffix("0\r\n\r\n"), "a refused request was sent as a whole one")
            return nil
        }
        let rest = connection.receiveText()
        connection.send(ok("y"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "y")
        #expect(gateway.inFlight == 0)
        return seen.body + rest
    }

    @Test("a request's pass on with its body")
    func requests() throws {
        #expect(try sent("X-Sum: 1", "Y: 2") == "1\r\nx\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n")
        #expect(try sent() == "1\r\nx\r\n0\r\n\r\n")
    }

    @Test("a request's that would frame it, route it or say who asks is refused, or left out")
    func requestFilter() throws {
        for field in [
            "Content-Length: 1", "Transfer-Encoding: chunked", "Host: evil", "Postern-User: 1", "Postern_User: 1",
            "X-Forwarded-For: 1", "Authorization: Bearer x", "Cookie: a=b", "Connection: close", "Expect: x",
            "X\r\nY: 1",
        ] {
            #expect(try sent("A: 1", field) == nil, "\(field)")
        }
        for field in ["If-Match: x", "Range: bytes=0-", "Accept: x", "Origin: x", "Sec-Fetch-Site: none"] {
            #expect(try sent(field, "A: 1") == "1\r\nx\r\n0\r\nA: 1\r\n\r\n", "\(field)")
        }
    }

    @Test("an answer that is broken off behind its trailers does not end")
    func broken() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x", "Connection: TE", "TE: trailers"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send(response + "X-Sum: 1\r\n")
        connection.close()
        gateway.settle()
        #expect(!client.receiveText().hasSuffix("\r\n0\r\n\r\n"))
        #expect(client.sawEnd)
        #expect(gateway.worker.counters.broken == 1)
    }
}
