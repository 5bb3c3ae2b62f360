import Testing

@testable import Gateway

@Suite("Bodies have a limit")
struct LimitTests {
    private func gateway() throws -> TestGateway { try TestGateway(["x": "service: data\nbody_limit: 8"]) }

    private let refusal = #"{"error":"Body exceeded 8b limit"}"#

    @Test("a body of the limit passes; one that says it is longer reaches no service, and is not asked for")
    func announced() throws {
        let gateway = try gateway()
        let service = try gateway.service()
        #expect(
            try gateway.exchange(request("POST", "/x", body: "12345678"), ok("x"), at: service).seen.body == "12345678")
        let client = try gateway.client()
        let answer = try gateway.answer(
            request("POST", "/x", ["Content-Length: 9", "Expect: 100-continue"]), from: client)
        #expect(answer.status == 413)
        #expect(answer.body == refusal)
        #expect(answer["Connection"] == "close")
        #expect(service.take() == nil)
    }

    @Test("a body that does not say how long it is, is refused where it passes the limit, and its service is left")
    func streamed() throws {
        let gateway = try gateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "8\r\n12345678\r\n")
        let (connection, seen) = try gateway.seen(by: service)
        #expect(seen.body == "8\r\n12345678\r\n")
        client.send("1\r\n9\r\n")
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 413)
        #expect(answer.body == refusal)
        #expect(answer["Connection"] == "close")
        #expect(connection.receiveText().isEmpty)
        #expect(connection.isClosed)
        #expect(gateway.inFlight == 0)
        #expect(client.isClosed)
    }

    @Test("a body that passes the limit after the response began breaks the response off")
    func afterResponse() throws {
        let gateway = try gateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(request("POST", "/x", ["Transfer-Encoding: chunked"]) + "4\r\n1234\r\n")
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        gateway.settle()
        client.send("5\r\n56789\r\n")
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.body == "3\r\nabc\r\n")
        #expect(client.sawEnd)
        #expect(connection.isClosed)
        #expect(gateway.worker.counters.broken == 1)
    }
}
