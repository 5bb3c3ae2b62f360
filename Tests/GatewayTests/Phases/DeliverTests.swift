import Testing

@testable import Gateway
@testable import Shared

@Suite("The response is delivered as it comes")
struct DeliverTests {
    @Test("each piece is sent on before the next has come")
    func pieces() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/events"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
        for piece in ["data: 1\n\n", "data: 2\n\n"] {
            connection.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
            gateway.settle()
            #expect(client.receiveText() == "9\r\n\(piece)\r\n")
        }
    }

    @Test("kept connections are used again, on both sides")
    func keptConnections() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/1"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send(ok("1"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "1")
        for number in 2...5 {
            client.send(get("/\(number)"))
            gateway.settle()
            #expect(try Seen(connection.receiveText()).line == "GET /\(number) HTTP/1.1")
            connection.send(ok("\(number)"))
            gateway.settle()
            #expect(try Answer(client.receiveText()).body == "\(number)")
        }
        #expect(service.take() == nil)
        #expect(gateway.inFlight == 0)
        #expect(gateway.worker.counters.completed == 5)
    }

    @Test(
        "a connection is not used again when its service says so, or has sent more than it was asked",
        arguments: [
            ok("x", "Connection: close"), ok("x") + "more", "HTTP/1.1 200 OK\r\n\r\nx",
            "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        ])
    func notReused(response: String) throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/1"))
        let (connection, _) = try gateway.seen(by: service)
        connection.send(response)
        if !response.contains("Content-Length") { connection.finishWriting() }
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 200)
        #expect(connection.isClosed)
        #expect(gateway.inFlight == 0)
    }

    @Test("pipelined requests are answered in their order")
    func pipelined() throws {
        let gateway = try TestGateway(["a": "service: data", "b": "service: data"])
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/a") + get("/none") + get("/b"))
        let (connection, first) = try gateway.seen(by: service)
        #expect(first.line == "GET /a HTTP/1.1")
        connection.send(ok("A"))
        gateway.settle()
        #expect(try Seen(connection.receiveText()).line == "GET /b HTTP/1.1")
        connection.send(ok("B"))
        gateway.settle()
        let text = client.receiveText()
        #expect(text.ranges(of: "HTTP/1.1 200 OK").count == 2)
        #expect(text.ranges(of: "HTTP/1.1 404 Not Found").count == 1)
        let order = try ["\r\n\r\nA", "Not found", "\r\n\r\nB"].map { try #require(text.firstRange(of: $0)).lowerBound }
        #expect(order == order.sorted())
    }

    @Test("a client that reads slowly slows its service down, and no byte is lost")
    func backpressure() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        let body = pattern(8_000_000)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
        var sent = 0
        for _ in 0..<200 {
            sent += connection.send(Array(body[sent...].prefix(65536)))
            gateway.settle(2)
        }
        #expect(sent < 4_000_000, "the gateway took all and kept it")
        var received: [UInt8] = []
        for _ in 0..<1000 where received.count < body.count {
            if sent < body.count { sent += connection.send(Array(body[sent...].prefix(262_144))) }
            gateway.settle(2)
            received += client.receive()
        }
        #expect(areSame(Array(received.suffix(body.count)), body))
        #expect(gateway.inFlight == 0)
    }

    @Test("a service that dies in the middle of an answer: the client gets what there is, and sees no regular end")
    func brokenOff() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let cases = [
            (get("/x"), "Content-Length: 10\r\n\r\nabc", "abc"),
            (get("/x"), "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "3\r\nabc\r\n"),
        ]
        for (sent, response, body) in cases {
            let client = try gateway.client(tcpPair())
            client.send(sent)
            let (connection, _) = try gateway.seen(by: service)
            connection.send("HTTP/1.1 200 OK\r\n" + response)
            connection.close()
            gateway.settle()
            #expect(try Answer(client.receiveToEnd()).body == body)
        }
        // Where the connection's end is the body's, only a reset tells that this is none.
        let old = try gateway.client(tcpPair())
        old.send("GET /x HTTP/1.0\r\n\r\n")
        let (connection, _) = try gateway.seen(by: service)
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        gateway.settle()
        connection.close()
        gateway.settle()
        _ = old.receiveToEnd()
        #expect(old.sawReset)
        #expect(gateway.worker.counters.broken == 3)
        #expect(gateway.inFlight == 0)
    }

    @Test("a client that leaves has its service's connection closed, and counts as cancelled")
    func clientLeft() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        for answered in [false, true] {
            let client = try gateway.client()
            client.send(get("/x"))
            let (connection, _) = try gateway.seen(by: service)
            if answered { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc") }
            gateway.settle()
            client.close()
            gateway.settle()
            #expect(connection.isClosed)
        }
        #expect(gateway.inFlight == 0)
        #expect(gateway.worker.counters.cancelled == 2)
    }

    @Test("a client that has sent all and says so is answered")
    func halfClosed() throws {
        let gateway = try TestGateway()
        let service = try gateway.service()
        let client = try gateway.client()
        client.send(get("/x"))
        client.finishWriting()
        let (connection, _) = try gateway.seen(by: service)
        connection.send(ok("x"))
        gateway.settle()
        #expect(try Answer(client.receiveText()).body == "x")
        #expect(client.sawEnd)
    }
}
