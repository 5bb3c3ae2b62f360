import Testing

@testable import Gateway
@testable import Shared

@Suite("The response's head is written anew")
struct MaskTests {
    private func exchange(_ response: String, _ sent: String = get("/x")) throws -> Answer {
        let gateway = try TestGateway()
        return try gateway.exchange(sent, response, at: try gateway.service()).answer
    }

    @Test("what describes the server, and what concerns its connection, does not pass")
    func fields() throws {
        let answer = try exchange(
            ok(
                "x", "Server: inside/1.0", "X-Powered-By: secret", "Via: 1.1 inside", "Postern-User: 7",
                "X-Forwarded-For: 10.0.0.1", "X-Real-IP: 10.0.0.1", "Forwarded: for=10.0.0.1",
                "Connection: X-Hop, keep-alive", "X-Hop: 1", "Keep-Alive: timeout=5", "Proxy-Authenticate: Basic",
                "Trailer: X-T", "Date: Thu, 01 Jan 1970 00:00:00 GMT", "ETag: \"1\"", "Set-Cookie: a=b",
                "Set-Cookie: c=d", "X-Own: 1", "WWW-Authenticate: Basic", "Location: /y"))
        #expect(
            answer.names == [
                "content-length", "date", "etag", "location", "set-cookie", "set-cookie", "www-authenticate", "x-own",
            ])
        #expect(answer["Date"] == "Thu, 01 Jan 1970 00:00:00 GMT")
    }

    @Test("the reason is the registry's, never the service's own words")
    func reason() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 404 secret words\r\nContent-Length: 0\r\n\r\n")
        gateway.settle()
        #expect(client.receiveText().hasPrefix("HTTP/1.1 404 Not Found\r\n"))
    }

    @Test("a response without a date is given one")
    func date() throws {
        #expect(try exchange(ok("x"))["Date"] != nil)
    }

    @Test("an error of the service passes as it is: it is the service's answer")
    func errors() throws {
        let answer = try exchange("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nbody")
        #expect(answer.status == 500)
        #expect(answer.body == "body")
    }

    @Test("204 and 304 have neither body nor length")
    func bodyless() throws {
        for status in [204, 304] {
            let answer = try exchange("HTTP/1.1 \(status) X\r\nETag: \"1\"\r\n\r\n")
            #expect(answer.status == status)
            #expect(answer.names == ["date", "etag"])
        }
    }

    @Test("HEAD passes the length that the service tells, and none where it tells none")
    func head() throws {
        let told = try exchange("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", request("HEAD", "/x"))
        #expect(told["Content-Length"] == "5")
        let untold = try exchange("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", request("HEAD", "/x"))
        #expect(untold.names == ["date"])
    }

    @Test("a body without a length is sent in chunks, to HTTP/1.0 until the connection closes")
    func unknownLength() throws {
        let chunked = try exchange("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(chunked["Transfer-Encoding"] == "chunked")
        #expect(chunked.body == "3\r\nabc\r\n0\r\n\r\n")
        let old = try exchange(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(old["Transfer-Encoding"] == nil)
        #expect(old["Connection"] == "close")
        #expect(old.body == "abc")
    }

    @Test("HTTP/1.0 is told that its connection is kept, where it asked and the length is known")
    func keepAlive() throws {
        let answer = try exchange(ok("abc"), "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(answer["Connection"] == "keep-alive")
        #expect(try exchange(ok("abc"), "GET /x HTTP/1.0\r\n\r\n")["Connection"] == "close")
    }
}
