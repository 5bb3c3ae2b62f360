import Testing

@Suite("Server-sent events")
struct EventStreamTests {
    @Test(
        "Each leaves at once: the service sends the next when the client has read the one before",
        arguments: [true, false], ["1.1", "1.0"])
    func atOnce(chunked: Bool, version: String) throws {
        let fixture = try GatewayFixture()
        let seen = Monitor(0)
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            let framing = chunked ? "Transfer-Encoding: chunked\r\n" : ""
            stream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\(framing)\r\n")
            for number in 1...5 {
                let event = "data: \(number)\n\n"
                stream.send(chunked ? "\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n" : event)
                guard seen.wait(for: { $0 >= number ? true : nil }) != nil else { return }
            }
            if chunked { stream.send("0\r\n\r\n") }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("GET /slow/events HTTP/\(version)\r\nHost: postern.test\r\n\r\n")
        let head = try client.head()
        #expect(head["Content-Type"] == ["text/event-stream"])
        #expect(head["Content-Length"].isEmpty)
        #expect(head["Transfer-Encoding"] == (version == "1.1" ? ["chunked"] : []))
        var text = String(decoding: client.take(client.input.count), as: UTF8.self)
        for number in 1...5 {
            while !text.contains("data: \(number)\n\n") {
                try #require(client.fill(), "event \(number) did not come")
                text += String(decoding: client.take(client.input.count), as: UTF8.self)
            }
            #expect(!text.contains("data: \(number + 1)"))
            seen.change { $0 = number }
        }
        text += String(decoding: version == "1.0" ? client.everything() : [], as: UTF8.self)
        #expect(version == "1.1" || client.end == .closed)
    }
}
