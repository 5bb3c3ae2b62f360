import Testing

@testable import Gateway
@testable import Shared

@Suite("Interim responses are passed on")
struct InterimResponseTests {
    private let hints =
        "HTTP/1.1 103 Secret words\r\nLink: </a.css>; rel=preload\r\nServer: inside\r\nPostern-User: 7\r\n"
        + "Connection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 5\r\n\r\n"

    @Test("103 comes before the answer, masked like a final head, as often as the service sends it")
    func earlyHints() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        for _ in 0..<2 {
            connection.send(hints)
            gateway.settle()
            #expect(client.receiveText() == "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        }
        connection.send("HTTP/1.1 199 Odd\r\n\r\n" + ok("x"))
        gateway.settle()
        let text = client.receiveText()
        let odd = "HTTP/1.1 199 \r\n\r\n"
        #expect(text.hasPrefix(odd))
        #expect(try Answer(String(text.dropFirst(odd.count))).body == "x")
        #expect(gateway.inFlight == 0)
        // The connection goes on.
        client.send(get("/y"))
        gateway.settle()
        #expect(try Seen(connection.receiveText()).line == "GET /y HTTP/1.1")
    }

    @Test("HTTP/1.0 knows none")
    func old() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let (_, answer) = try gateway.exchange(
            "GET /x HTTP/1.0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n" + hints + ok("x"), at: service)
        #expect(answer.status == 200)
        #expect(answer.body == "x")
    }

    @Test("a service that fails after an interim response gives an error, not a broken message")
    func failure() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 103 Early Hints\r\n\r\n")
        connection.close()
        gateway.settle()
        let text = client.receiveText()
        #expect(text.hasPrefix("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 "))
        #expect(service.take() == nil, "a request that was received was sent again")
    }

    @Test("a client that does not read is sent no pile of them")
    func pile() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        let many = String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </a-long-name.css>\r\n\r\n", count: 1000)
        for _ in 0..<100 {
            connection.send(many)
            gateway.settle(2)
        }
        #expect(gateway.context.connections.values.allSatisfy { $0.stream.outputCount < 512 * 1024 })
        #expect(client.receive().count < 1_000_000)
    }

    @Test("a client that waits for 100 is told by the service's final answer that its body is not wanted")
    func expectationFails() throws {
        for status in ["417 Expectation Failed", "403 Forbidden"] {
            let gateway = try TestGateway()
            let service = try gateway.service()
            let client = try gateway.client()
            client.send(request("POST", "/x", ["Content-Length: 3", "Expect: 100-continue"]))
            let (connection, seen) = try gateway.seen(by: service)
            #expect(seen["Expect"] == "100-continue")
            connection.send("HTTP/1.1 \(status)\r\nContent-Length: 2\r\n\r\nno")
            gateway.settle()
            let answer = try Answer(client.receiveText())
            #expect("\(answer.status)" == status.prefix(3))
            #expect(answer.body == "no")
            #expect(answer["Connection"] == "close")
            #expect(client.sawEnd)
            #expect(connection.isClosed)
        }
    }

    @Test("a 100 that the client does not wait for is not passed on, and comes once")
    func surplusContinue() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        let unasked = try gateway.exchange(get("/x"), interim + ok("x", "Connection: close"), at: service)
        #expect(unasked.answer.status == 200)
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Content-Length: 3", "Expect: 100-continue"]))
        let (connection, _) = try gateway.seen(by: service)
        connection.send(interim + interim)
        gateway.settle()
        #expect(client.receiveText() == interim)
    }
}
