import Testing

@testable import Gateway

@Suite("The route decides the service and the methods")
struct RouteTests {
    private func gateway() throws -> TestGateway {
        try TestGateway(
            [
                "texts/index": "service: one\nmethods: [GET]", "texts/[id]": "service: two",
                "texts/me": "service: one\nmethods: [POST, DELETE]",
            ],
            services: ["one": "instances: unix:one.sock", "two": "instances: unix:two.sock"])
    }

    @Test("each route reaches its own service")
    func services() throws {
        let gateway = try gateway()
        let one = try gateway.service("one")
        let two = try gateway.service("two")
        #expect(try gateway.exchange(get("/texts"), ok("1"), at: one).answer.body == "1")
        #expect(try gateway.exchange(get("/texts/7"), ok("2"), at: two).answer.body == "2")
        #expect(try gateway.exchange(request("POST", "/texts/me"), ok("3"), at: one).answer.body == "3")
    }

    @Test("who may GET may HEAD; other methods are told which ones the route takes")
    func methods() throws {
        let gateway = try gateway()
        let one = try gateway.service("one")
        let head = try gateway.exchange(
            request("HEAD", "/texts"), "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", at: one)
        #expect(head.seen.line == "HEAD /texts HTTP/1.1")
        #expect(head.answer["Content-Length"] == "9")
        #expect(head.answer.body.isEmpty)
        #expect(try gateway.answer(request("PUT", "/texts"))["Allow"] == "GET, HEAD")
        #expect(try gateway.answer(get("/texts/me"))["Allow"] == "POST, DELETE")
        #expect(try gateway.answer(request("BREW", "/texts"))["Allow"] == "GET, HEAD")
    }

    @Test("a route without methods takes those too that nobody knows")
    func anyMethod() throws {
        let gateway = try gateway()
        let two = try gateway.service("two")
        #expect(
            try gateway.exchange(request("BREW", "/texts/7"), ok("x"), at: two).seen.line == "BREW /texts/7 HTTP/1.1")
    }
}
