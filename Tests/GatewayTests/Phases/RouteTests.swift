import Testing

@testable import Gateway

@Suite("The route decides the service and the methods")
struct RouteTests {
    private func gateway() throws -> TestGateway {
        try TestGateway(
            [
                "users/index": "service: one\nmethods: [GET]", "users/[id]": "service: two",
                "users/me": "service: one\nmethods: [POST, DELETE]",
            ],
            services: ["one": "instances: unix:one.sock", "two": "instances: unix:two.sock"])
    }

    @Test("each route reaches its own service")
    func services() throws {
        let gateway = try gateway()
        let one = try gateway.service("one")
        let two = try gateway.service("two")
        #expect(try gateway.exchange(get("/users"), ok("1"), at: one).answer.body == "1")
        #expect(try gateway.exchange(get("/users/7"), ok("2"), at: two).answer.body == "2")
        #expect(try gateway.exchange(request("POST", "/users/me"), ok("3"), at: one).answer.body == "3")
    }

    @Test("who may GET may HEAD; other methods are told which ones the route takes")
    func methods() throws {
        let gateway = try gateway()
        let one = try gateway.service("one")
        let head = try gateway.exchange(
            request("HEAD", "/users"), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", at: one)
        #expect(head.seen.line == "HEAD /users HTTP/1.1")
        #expect(head.answer["Content-Length"] == "9")
        #expect(head.answer.body.isEmpty)
        #expect(try gateway.answer(request("PUT", "/users"))["Allow"] == "GET, HEAD")
        #expect(try gateway.answer(get("/users/me"))["Allow"] == "POST, DELETE")
        #expect(try gateway.answer(request("BREW", "/users"))["Allow"] == "GET, HEAD")
    }

    @Test("a route without methods takes those too that nobody knows")
    func anyMethod() throws {
        let gateway = try gateway()
        let two = try gateway.service("two")
        #expect(
            try gateway.exchange(request("BREW", "/users/7"), ok("x"), at: two).seen.line == "BREW /users/7 HTTP/1.1")
    }
}
