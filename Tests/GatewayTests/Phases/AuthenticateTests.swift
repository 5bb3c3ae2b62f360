import Testing

@testable import Gateway
@testable import Shared

@Suite("Tokens are judged by the auth service")
struct AuthenticateTests {
    private func gateway() throws -> TestGateway {
        try TestGateway([
            "required": "service: data\nauth: required", "optional": "service: data\nauth: optional",
            "none": "service: data",
        ])
    }

    private let accepted =
        "HTTP/1.1 200 OK\r\nPostern-User: 7\r\nPostern-Claims: e30\r\nX-Other: no\r\n"
        + "Cache-Control: private, max-age=60\r\nContent-Length: 0\r\n\r\n"

    @Test("the auth service is asked with the credentials and nothing else of the request")
    func question() throws {
        let gateway = try gateway()
        let verify = try gateway.service("verify")
        let client = try gateway.client()
        client.send(request("POST", "/required", ["Authorization: Bearer t", "Cookie: a=b"], body: "secret"))
        gateway.settle()
        let connection = try verify.accept()
        #expect(connection.receiveText() == "GET /verify HTTP/1.1\r\nHost: auth\r\nAuthorization: Bearer t\r\n\r\n")
    }

    @Test("the service is told of the bearer in the token's place, and the verdict is used again")
    func accept() throws {
        let gateway = try gateway()
        let verify = try gateway.service("verify")
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/required", "Authorization: Bearer t", "Postern-User: 1"))
        let (auth, _) = try gateway.seen(by: verify)
        auth.send(accepted)
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen.values("Postern-User") == ["7"])
        #expect(seen.values("Postern-Claims") == ["e30"])
        #expect(seen["Authorization"] == nil)
        #expect(seen["X-Other"] == nil)
        connection.send(ok("x"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)

        client.send(get("/required", "Authorization: Bearer t"))
        gateway.settle()
        #expect(try Seen(connection.receiveText())["Postern-User"] == "7")
        #expect(auth.receiveText().isEmpty)
        #expect(verify.take() == nil)
    }

    @Test("a body waits for the verdict and then passes")
    func body() throws {
        let gateway = try gateway()
        let verify = try gateway.service("verify")
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/required", ["Authorization: Bearer t"], body: "hello"))
        let (auth, _) = try gateway.seen(by: verify)
        #expect(service.take() == nil)
        auth.send(accepted)
        #expect(try gateway.seen(by: service).request.body == "hello")
    }

    @Test("a route that asks for no token passes the field on; an optional one judges what is shown")
    func otherRoutes() throws {
        let gateway = try gateway()
        let verify = try gateway.service("verify")
        let service = try gateway.service()
        let open = try gateway.exchange(get("/none", "Authorization: Basic x"), ok("1"), at: service)
        #expect(open.seen["Authorization"] == "Basic x")

        let client = try gateway.client()
        client.send(get("/optional"))
        gateway.settle()
        #expect(verify.take() == nil)

        let other = try gateway.client()
        other.send(get("/optional", "Authorization: Bearer bad"))
        let (auth, _) = try gateway.seen(by: verify)
        auth.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        gateway.settle()
        #expect(try Answer(other.receiveText()).status == 401)
    }

    @Test("credentials that are longer than any token of ours are 400 and nobody is asked")
    func tooLong() throws {
        let gateway = try TestGateway(["required": "service: data\nauth: required"])
        let verify = try gateway.service("verify")
        let token = String(repeating: "a", count: Authenticator.credentialsLimit - 6)
        #expect(try gateway.answer(get("/required", "Authorization: Bearer \(token)")).status >= 400)
        gateway.settle()
        #expect(verify.take() == nil)
    }

    @Test("two Authorization fields are 400")
    func twice() throws {
        let gateway = try gateway()
        let twice = get("/required", "Authorization: Bearer a", "Authorization: Bearer b")
        #expect(try gateway.answer(twice).status == 400)
    }

    @Test("a client that left while its token was judged is not served, and the exchange serves another")
    func clientLeft() throws {
        let gateway = try gateway()
        let verify = try gateway.service("verify")
        let service = try gateway.service()
        let gone = try gateway.client()
        gone.send(get("/required", "Authorization: Bearer t"))
        let (auth, _) = try gateway.seen(by: verify)
        gone.close()
        gateway.settle()
        #expect(gateway.worker.counters.cancelled == 1)

        let other = try gateway.client()
        other.send(get("/none"))
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen["Postern-User"] == nil)
        auth.send(accepted)
        gateway.settle()
        #expect(service.take() == nil)
        connection.send(ok("theirs"))
        gateway.settle()
        #expect(try Answer(other.receiveText()).body == "theirs")
    }
}
