import Testing

@testable import Gateway
@testable import Shared

@Suite("What a client sees of a service's fields")
struct MaskFieldTests {
    private func exchange(
        _ fields: [String], route: (name: String, text: String) = ("api/[city]", "path: /current/{city}"),
        body: String = "x", mask: String = "", path: String = "/api/rome"
    ) throws -> (answer: Answer, tally: Tally) {
        let gateway = try TestGateway(
            [route.name: "service: data\n\(route.text)\n\(mask.isEmpty ? "" : "mask: {\(mask)}")"])
        let lines = fields.map { $0 + "\r\n" }.joined()
        let response = "HTTP/1.1 200 OK\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let answer = try gateway.exchange(get(path), response, at: try gateway.service()).answer
        var tally = Tally()
        gateway.worker.counters.add(to: &tally)
        return (answer, tally)
    }

    @Test("fields of one's own pass, those that describe a server do not, unless they are kept")
    func descriptions() throws {
        let fields = [
            "X-Total-Count: 3", "X-Debug: 1", "Server-Timing: db", "CF-Ray: 1", "X-Custom: a", "SourceMap: /x",
        ]
        let plain = try exchange(fields).answer
        #expect(plain.names == ["content-length", "date", "x-custom", "x-total-count"])
        for mask in ["keep: [server-timing, CF-Ray]", "keep: [server-timing, CF-Ray], audit: count"] {
            let kept = try exchange(fields, mask: mask).answer
            #expect(kept["Server-Timing"] == "db" && kept["CF-Ray"] == "1" && kept["X-Debug"] == nil)
        }
    }

    @Test("places are told in the client's terms; what nobody reaches is dropped and counted, or refuses the answer")
    func places() throws {
        let good = try exchange(["Location: /current/paris", "X-A: 1", "Set-Cookie: a=b; Path=/current/rome"]).answer
        #expect(good["Location"] == "/api/paris" && good["X-A"] == "1" && good["Set-Cookie"] == "a=b; Path=/api/rome")
        let (dropped, tally) = try exchange(["Location: /secret"])
        #expect(dropped.status == 200 && dropped["Location"] == nil && tally["mask.fields"] == 1)
        let (refused, counters) = try exchange(["Location: /secret"], mask: "unreachable: refuse")
        #expect(refused.status == 502 && !refused.body.contains("secret"))
        #expect(counters["mask.refused"] == 1 && counters["failed.upstream"] == 1)
        #expect(
            try exchange(["Location: /current/paris"], mask: "unreachable: refuse").answer["Location"] == "/api/paris")
    }

    @Test("an answer that tells of the service is counted, or does not go on")
    func audit() throws {
        let (passed, tally) = try exchange([], body: "nginx/1.2", mask: "audit: count")
        #expect(passed.body == "nginx/1.2" && tally["leaks.banner"] == 1 && tally["mask.blocked"] == 0)
        let (blocked, counters) = try exchange([], body: "nginx/1.2", mask: "audit: block")
        #expect(blocked.status == 502 && counters["mask.blocked"] == 1 && counters["leaks.banner"] == 1)
        #expect(try exchange(["X-A: nginx/1.2"], mask: "audit: block").answer.status == 502)
        #expect(try exchange([], body: "clean", mask: "audit: block").answer.body == "clean")
    }

    @Test("an answer that tells after some of it has left is broken off")
    func auditLate() throws {
        let gateway = try TestGateway(["x": "service: data\nmask: {audit: block}"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nbegins well: ng")
        gateway.settle()
        #expect(client.receiveText().hasSuffix("begins well: ng"))
        connection.send("inx/1")
        gateway.settle()
        #expect(client.receiveText() == "" && client.isClosed)
        #expect(gateway.inFlight == 0)
    }

    @Test("a service's failure is told in our words, and its connection is kept")
    func replacedErrors() throws {
        let gateway = try TestGateway(["x": "service: data\nmask: {errors: replace}"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 500 Oops\r\nRetry-After: inside/1\r\nX-A: b\r\nContent-Length: 10\r\n\r\nsecret")
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 500 && answer.body == #"{"error":"Internal server error"}"#)
        #expect(answer["X-A"] == nil && answer["Retry-After"] == nil)
        connection.send("word")
        gateway.settle()
        #expect(gateway.inFlight == 0)
        client.send(get("/x"))
        gateway.settle()
        #expect(service.take() == nil)
        connection.send(ok("y"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "y")
    }

    @Test("interim responses and trailers are masked alike")
    func others() throws {
        let gateway = try TestGateway(["api/[city]": "service: data\npath: /current/{city}"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/api/rome", "Connection: TE", "TE: trailers"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 103 Early Hints\r\nLink: </current/a>; rel=preload\r\nX-Debug: 1\r\n\r\n")
        gateway.settle()
        #expect(client.receiveText() == "HTTP/1.1 103 Early Hints\r\nLink: </api/a>; rel=preload\r\n\r\n")
        connection.send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\nX-Served-By: a\r\n\r\n")
        gateway.settle()
        #expect(client.receiveText().hasSuffix("0\r\nX-Sum: 1\r\n\r\n"))
    }
}
