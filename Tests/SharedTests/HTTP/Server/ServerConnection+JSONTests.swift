import Testing

@testable import Shared

@Suite("Whole answers of our own")
struct ServerConnectionJSONTests {
    /// What a client reads of an answer that is made by `answer`, its date left out.
    private func heard(_ request: String, _ answer: @escaping (ServerConnection) -> Void) throws -> String {
        let server = try ServerUnderTest()
        server.application.onRequest = { answer($0.connection) }
        return server.ask(request).split(separator: "\r\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("Date: ") }.joined(separator: "\r\n")
    }

    private func tag(_ text: String) -> EntityTag { EntityTag(Array(text.utf8)) }

    @Test("an error has its type, a validator, a length and the fields that it is given")
    func error() throws {
        let body = #"{"error":"Not found"}"#
        let text = try heard(ask("/")) { $0.respond(error: "Not found", status: 404, fields: "X-A: 1\r\n") }
        #expect(
            text == "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Type: application/json; charset=utf-8\r\n"
                + "ETag: \(tag(body))\r\nContent-Length: 21\r\n\r\n\(body)")
    }

    @Test("HEAD is told all of it and sent none")
    func head() throws {
        let text = try heard("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n") { $0.respond(error: "Not found", status: 404) }
        #expect(text.contains("Content-Length: 21\r\n"))
        #expect(text.hasSuffix("\r\n\r\n"))
    }

    @Test("304 keeps the validator and leaves body and length out; 204 has neither")
    func bodyless() throws {
        let body = Array("[1]".utf8)
        let unmodified = try heard(ask("/")) { connection in
            connection.beginResponse(304)
            connection.endResponse(unsafe body.span.bytes, tag: EntityTag(body))
        }
        #expect(unmodified == "HTTP/1.1 304 Not Modified\r\nETag: \(EntityTag(body))\r\n\r\n")
        let none = try heard(ask("/")) { connection in
            connection.beginResponse(204)
            connection.endResponse(RawSpan())
        }
        #expect(none == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test("an answer in the middle of a body says that the connection closes")
    func middleOfBody() throws {
        let server = try ServerUnderTest()
        server.application.onRequest = { exchange in
            exchange.onBody = { [unowned exchange] _ in exchange.connection.respond(error: "No", status: 413) }
            exchange.connection.readBody()
        }
        #expect(server.ask(post("/", "Content-Length: 10", body: "abc")).contains("\r\nConnection: close\r\n"))
    }
}
