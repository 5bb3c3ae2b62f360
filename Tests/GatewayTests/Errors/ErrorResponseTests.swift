import Testing

@testable import Gateway
@testable import Shared

@Suite("What a client reads of an error")
struct ErrorResponseTests {
    /// The whole answer, its date left out.
    private func bytes(_ gateway: TestGateway, _ request: String) throws -> String {
        let client = try gateway.client()
        client.send(request)
        gateway.settle()
        return client.receiveText().split(separator: "\r\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
    }

    private func json(_ status: String, _ body: String, fields: String = "") -> String {
        let tag = String(decoding: EntityTag(Array(body.utf8)).copied, as: UTF8.self)
        return "HTTP/1.1 \(status)\r\n\(fields)Content-Type: application/json; charset=utf-8\r\n"
            + "ETag: \(tag)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("a path without a route is 404")
    func notFound() throws {
        let gateway = try TestGateway(["users": "service: data"])
        #expect(try bytes(gateway, get("/nothing")) == json("404 Not Found", #"{"error":"Not found"}"#))
    }

    @Test("a method that the route does not take is 405 with the methods that it does")
    func methodNotAllowed() throws {
        let gateway = try TestGateway(["users": "service: data\nmethods: [GET, POST]"])
        let expected = json(
            "405 Method Not Allowed", #"{"error":"Method not allowed"}"#, fields: "Allow: GET, POST, HEAD\r\n")
        #expect(try bytes(gateway, request("DELETE", "/users")) == expected)
    }

    @Test("a path that could be read in two ways is 400")
    func badRequest() throws {
        let gateway = try TestGateway()
        for path in ["/a//b", "/a/../b", "/a/%2e%2e/b", "/a%00", "/a\\b", "/a;b", "/%zz", "/a?%"] {
            #expect(try bytes(gateway, get(path)) == json("400 Bad Request", #"{"error":"Bad request"}"#))
        }
    }

    @Test("a slash at the end is 308 to the path without it, the query kept, whether there is a route or not")
    func trailingSlash() throws {
        let gateway = try TestGateway(["users": "service: data"])
        let expected = "HTTP/1.1 308 Permanent Redirect\r\nLocation: /users?a=1&b=%20\r\nContent-Length: 0\r\n\r\n"
        #expect(try bytes(gateway, get("/users/?a=1&b=%20")) == expected)
        #expect(try gateway.answer(get("/no/such/")).fields[0].value == "/no/such")
        let absolute = try gateway.answer(get("http://api.example/users/?x=y"))
        #expect(absolute["Location"] == "/users?x=y")
    }

    @Test("a body that says it is too long is 413 in the route's own words, and the connection closes")
    func bodyTooLong() throws {
        let gateway = try TestGateway(["users": "service: data\nbody_limit: 64KiB", "posts": "service: data"])
        let small = json("413 Content Too Large", #"{"error":"Body exceeded 64kb limit"}"#)
            .replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n", maxReplacements: 1)
        #expect(try bytes(gateway, request("POST", "/users", ["Content-Length: 65537"])) == small)
        let standard = try gateway.answer(request("POST", "/posts", ["Content-Length: 1048577"]))
        #expect(standard.body == #"{"error":"Body exceeded 1mb limit"}"#)
    }

    @Test("a route that asks for a token challenges who shows none")
    func authorizationRequired() throws {
        let gateway = try TestGateway(["users": "service: data\nauth: required"])
        let expected = json(
            "401 Unauthorized", #"{"error":"The authorization header is required"}"#,
            fields: "WWW-Authenticate: Bearer\r\n")
        #expect(try bytes(gateway, get("/users")) == expected)
        #expect(try bytes(gateway, get("/users", "Authorization:")) == expected)
    }

    @Test("an auth service that is not there is 503, not 401")
    func authenticationUnavailable() throws {
        let gateway = try TestGateway(["users": "service: data\nauth: required"])
        let expected = json(
            "503 Service Unavailable", #"{"error":"Service unavailable"}"#, fields: "Retry-After: 1\r\n")
        #expect(try bytes(gateway, get("/users", "Authorization: Bearer t")) == expected)
    }

    @Test("a service without an instance is 503 with Retry-After")
    func noInstance() throws {
        let gateway = try TestGateway()
        let expected = json(
            "503 Service Unavailable", #"{"error":"Service unavailable"}"#, fields: "Retry-After: 1\r\n")
        #expect(try bytes(gateway, get("/x")) == expected)
        let empty = try TestGateway(services: ["data": "instances: unix:none/*.sock"])
        #expect(try bytes(empty, get("/x")) == expected)
    }

    @Test("a refused token is answered with the auth service's status and challenge, and none of its words")
    func refused() throws {
        let gateway = try TestGateway(["users": "service: data\nauth: required"])
        let verify = try gateway.service("verify")
        let client = try gateway.client()
        client.send(get("/users", "Authorization: Bearer t"))
        let (connection, _) = try gateway.seen(by: verify)
        connection.send(
            "HTTP/1.1 401 Nope\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\nX-Inside: secret\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nsecret")
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 401)
        #expect(answer["WWW-Authenticate"] == #"Bearer error="invalid_token""#)
        #expect(answer.body == #"{"error":"Unauthorized"}"#)
        #expect(answer.names == ["content-length", "content-type", "date", "etag", "www-authenticate"])
    }

    @Test(
        "a response that cannot be understood is 502 without a word of it",
        arguments: [
            "garbage secret\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: secret\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        ])
    func upstreamFailed(response: String) throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let answer = try gateway.exchange(get("/x"), response, at: service).answer
        #expect(answer.status == 502)
        #expect(answer.body == #"{"error":"Bad gateway"}"#)
        #expect(answer.names == ["content-length", "content-type", "date", "etag"])
        #expect(gateway.inFlight == 0)
    }

    @Test("a service that says nothing in time is 504, and its connection is closed")
    func upstreamTimeout() throws {
        let gateway = try TestGateway(["x": "service: data\ntimeout: 5s"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        gateway.advance(by: 4 * second)
        #expect(client.receiveText().isEmpty)
        gateway.advance(by: 2 * second)
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 504)
        #expect(answer.body == #"{"error":"Gateway timeout"}"#)
        #expect(connection.isClosed)
        #expect(gateway.inFlight == 0)
    }

    @Test("HEAD is told the length of the body and sent none")
    func head() throws {
        let gateway = try TestGateway(["users": "service: data"])
        let answer = try gateway.answer(request("HEAD", "/nothing"))
        #expect(answer.status == 404)
        #expect(answer["Content-Length"] == "21")
        #expect(answer["ETag"] != nil)
        #expect(answer.body.isEmpty)
    }

    @Test("an error is never 304, whatever the client has")
    func neverUnmodified() throws {
        let gateway = try TestGateway(["users": "service: data"])
        let tag = try #require(try gateway.answer(get("/nothing"))["ETag"])
        #expect(try gateway.answer(get("/nothing", "If-None-Match: \(tag)")).status == 404)
        #expect(try gateway.answer(get("/nothing", "If-None-Match: *")).status == 404)
    }
}
