import Synchronization
import Testing

@testable import Shared

@Suite("A request to one of our own services")
struct ServiceExchangeTests {
    private static func json(_ text: String) -> ServiceResponse { .json(Array(text.utf8)) }

    /// Tells what it was asked.
    private static let echo = ServiceHandler.immediate { request in
        json(
            [
                request.method.name, request.parameters.first("id") ?? "-", request.query.first("q") ?? "-",
                String(decoding: request.body, as: UTF8.self),
            ].joined(separator: "|"))
    }

    private func service(bodyLimit: Int = 1 << 20) throws -> ServiceUnderTest {
        try ServiceUnderTest(
            [
                ServiceEndpoint(.get, "/texts/[id]", Self.echo), ServiceEndpoint(.put, "/texts/[id]", Self.echo),
                ServiceEndpoint(.post, "/login", Self.echo),
                ServiceEndpoint(.get, "/none", .immediate { _ in ServiceResponse(status: 204) }),
                ServiceEndpoint(
                    .get, "/bad",
                    .immediate { _ in
                        ServiceResponse(status: 200, fields: [("X-A", "1\r\nX-Evil: 1"), ("X-B", "tab\there")])
                    }),
                ServiceEndpoint(.get, "/error", .immediate { _ in .error("Gone", status: 410) }),
            ], bodyLimit: bodyLimit)
    }

    @Test("the handler gets the path's and the query's parameters")
    func parameters() throws {
        let service = try service()
        #expect(service.ask(ask("/texts/a%2Fb?q=x+y")).content == "GET|a/b|x y|")
    }

    @Test("the handler gets the body, whole, however it comes")
    func body() throws {
        let service = try service()
        #expect(service.ask(post("/login", "Content-Length: 5", body: "he")) == "")
        #expect(service.ask("llo").content == "POST|-|-|hello")
        #expect(
            service.ask(post("/login", "Transfer-Encoding: chunked", body: "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")).content
                == "POST|-|-|abc")
        #expect(service.ask(post("/login")).content == "POST|-|-|")
    }

    @Test("a JSON answer has its type, a validator, a length and a date")
    func fields() throws {
        let text = try service().ask(ask("/texts/1"))
        #expect(text.status == 200)
        #expect(text.value("Content-Type") == "application/json; charset=utf-8")
        #expect(text.value("Content-Length") == "8")
        #expect(text.value("ETag") == "\(EntityTag(Array("GET|1|-|".utf8)))")
        #expect(text.value("Date") != nil)
    }

    @Test("an unknown path is 404, another method 405 with those that there are")
    func refusals() throws {
        let service = try service()
        let missing = service.ask(ask("/texts"))
        #expect(missing.status == 404)
        #expect(missing.content == #"{"error":"Not found"}"#)
        let wrong = service.ask(post("/texts/1"))
        #expect(wrong.status == 405)
        #expect(wrong.value("Allow") == "GET, PUT, HEAD")
        #expect(wrong.content == #"{"error":"Method not allowed"}"#)
        #expect(service.ask(ask("/login")).value("Allow") == "POST")
    }

    @Test(
        "a path or a query that cannot be decoded is 400",
        arguments: ["/texts/%zz", "/a//b", "/texts/1?q=%zz", "/texts/1?q=%ff"])
    func undecodable(target: String) throws {
        let text = try service().ask(ask(target))
        #expect(text.status == 400)
        #expect(text.content == #"{"error":"Bad request"}"#)
    }

    @Test("a slash at the end is 308 to the path without it, the query kept")
    func trailingSlash() throws {
        let text = try service().ask(ask("/texts/1/?q=x%20y"))
        #expect(text.status == 308)
        #expect(text.value("Location") == "/texts/1?q=x%20y")
        #expect(text.value("Content-Length") == "0")
    }

    @Test("HEAD is answered as GET, without the body")
    func head() throws {
        let service = try service()
        let text = service.ask("HEAD /texts/1 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(text.status == 200)
        #expect(text.value("Content-Length") == "9")
        #expect(text.value("ETag") != nil)
        #expect(text.content == "")
        #expect(service.ask("HEAD /login HTTP/1.1\r\nHost: a\r\n\r\n").status == 405)
    }

    @Test("a client that has the body is told 304, on GET and HEAD with 200 alone")
    func unmodified() throws {
        let service = try service()
        let tag = try #require(service.ask(ask("/texts/1")).value("ETag"))
        for field in ["\(tag)", "\"x\", W/\(tag)", "*", "\"x\"\r\nIf-None-Match: \(tag)"] {
            let text = service.ask(ask("/texts/1", "If-None-Match: \(field)"))
            #expect(text.status == 304)
            #expect(text.value("ETag") == tag)
            #expect(text.value("Date") != nil)
            #expect(text.value("Content-Type") == nil)
            #expect(text.value("Content-Length") == nil)
            #expect(text.content == "")
        }
        #expect(service.ask(ask("/texts/1", "If-None-Match: \"x\"")).status == 200)
        let head = try #require(service.ask("HEAD /texts/1 HTTP/1.1\r\nHost: a\r\n\r\n").value("ETag"))
        #expect(service.ask("HEAD /texts/1 HTTP/1.1\r\nHost: a\r\nIf-None-Match: \(head)\r\n\r\n").status == 304)
        #expect(service.ask("PUT /texts/1 HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\n").status == 200)
        #expect(service.ask(ask("/error", "If-None-Match: *")).status == 410)
    }

    @Test("204 has neither body nor length nor validator")
    func noContent() throws {
        let text = try service().ask(ask("/none"))
        #expect(text.status == 204)
        #expect(text.value("Content-Length") == nil)
        #expect(text.value("ETag") == nil)
    }

    @Test("a field's value is cut where a control byte would end the line")
    func control() throws {
        let text = try service().ask(ask("/bad"))
        #expect(text.value("X-A") == "1")
        #expect(text.value("X-Evil") == nil)
        #expect(text.value("X-B") == "tab\there")
    }

    @Test("a body that is too long is 413, said or streamed, and the connection closes")
    func tooLong() throws {
        for (fields, body) in [("Content-Length: 5", ""), ("Transfer-Encoding: chunked", "5\r\n12345\r\n")] {
            let service = try service(bodyLimit: 4)
            let text = service.ask(post("/login", fields, body: body))
            #expect(text.status == 413)
            #expect(text.content == #"{"error":"Body exceeded 4b limit"}"#)
            #expect(text.value("Connection") == "close")
            #expect(service.client.sawEnd)
        }
        #expect(try service(bodyLimit: 4).ask(post("/login", "Content-Length: 4", body: "1234")).status == 200)
    }

    @Test("a client that waits for 100 gets it when its request has a handler, and not when it is refused")
    func expectContinue() throws {
        let service = try service()
        #expect(
            service.ask(post("/login", "Content-Length: 2", "Expect: 100-continue")) == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(service.ask("ab").content == "POST|-|-|ab")
        #expect(service.ask(post("/no", "Content-Length: 2", "Expect: 100-continue")).status == 404)
    }

    @Test("pipelined requests are answered in their order")
    func pipelined() throws {
        let text = try service().ask(ask("/texts/1") + post("/login", "Content-Length: 1", body: "x") + ask("/texts/2"))
        let places = ["GET|1|", "POST|-|-|x", "GET|2|"].compactMap { text.firstRange(of: $0)?.lowerBound }
        #expect(places.count == 3)
        #expect(places == places.sorted())
    }

    @Test("the handler sees the peer and the fields, by name without case")
    func request() throws {
        let handler = ServiceHandler.immediate { request in
            Self.json("\(request.field("x-one") ?? "-"),\(request.fields("X-TWO").count),\(request.peer?.userID ?? 0)")
        }
        let service = try ServiceUnderTest([ServiceEndpoint(.get, "/", handler)])
        let peer = try #require(try? PeerCredentials(socket: service.client.descriptor))
        #expect(service.ask(ask("/", "X-One: 1", "X-Two: a", "x-two: b")).content == "1,2,\(peer.userID)")
    }
}
