import Testing

@Suite("Fields that are told in the client's terms, after the client's head has given way to its body")
struct FieldsAfterBodyTests {
    @Test("A long body, and one that is still coming, change nothing of where the answer leads")
    func location() throws {
        let fixture = try GatewayFixture()
        try fixture.write("routes/made/[...path].yaml", "service: main\npath: /things/{path...}\nbody_limit: 2MiB\n")
        let service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while service.read(stream) != nil {
                stream.send("HTTP/1.1 201 Created\r\nLocation: /things/7\r\nContent-Length: 0\r\n\r\n")
            }
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        for count in [1, 300_000, 1] {
            let answer = try client.request("POST", "/made/x", body: String(repeating: "x", count: count))
            #expect(answer.status == 201 && answer["Location"] == ["/made/7"])
        }
        // Piece by piece, and the head alone at first.
        let stream = try gateway.connect()
        stream.send("POST /made/x HTTP/1.1\r\nHost: postern.test\r\nTransfer-Encoding: chunked\r\n\r\n")
        stream.send("3\r\nabc\r\n")
        stream.send("0\r\n\r\n")
        #expect(try stream.response(to: "POST")["Location"] == ["/made/7"])
    }
}
