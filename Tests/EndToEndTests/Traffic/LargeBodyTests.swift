import Testing

@Suite("Bodies of any length, through a gateway that keeps small")
struct LargeBodyTests {
    private static let size = 1 << 30
    private static let memory = 64 << 20

    private func fixture() throws -> GatewayFixture {
        let fixture = try GatewayFixture()
        try fixture.write("routes/large/[...path].yaml", "service: main\ntimeout: 20s\nbody_limit: 4GiB\n")
        return fixture
    }

    @Test("1 GiB comes down whole, in less than 64 MiB of memory")
    func download() throws {
        let fixture = try fixture()
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            stream.sendZeros(Self.size)
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/large/x"))
        #expect(try client.head()["Content-Length"] == ["\(Self.size)"])
        #expect(client.drop(Self.size) == Self.size)
        #expect(try ProcessMemory.peak(of: gateway.program) < Self.memory)
    }

    @Test("1 GiB goes up whole, in less than 64 MiB of memory")
    func upload() throws {
        let fixture = try fixture()
        let main = try ScriptedService(fixture.mainSocket) { _, stream, _ in
            guard (try? stream.head()) != nil else { return }
            stream.send(Answer.ok("\(stream.drop(Self.size))"))
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send("POST /large/x HTTP/1.1\r\nHost: postern.test\r\nContent-Length: \(Self.size)\r\n\r\n")
        #expect(client.sendZeros(Self.size))
        #expect(try client.response().text == "\(Self.size)")
        #expect(try ProcessMemory.peak(of: gateway.program) < Self.memory)
    }

    @Test("A client that stops reading holds its service, not the gateway's memory, and others are served")
    func stopped() throws {
        let fixture = try fixture()
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 1\n")
        let size = 256 << 20
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while let request = service.read(stream) {
                guard request.target == "/large/x" else {
                    stream.send(Answer.ok("here"))
                    continue
                }
                stream.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                stream.sendZeros(size)
            }
        }
        defer { main.stop() }
        let gateway = try fixture.start()
        let slow = try gateway.connect()
        slow.send(Client.bytes("GET", "/large/x"))
        _ = try slow.head()
        for _ in 0..<50 { #expect(try gateway.request("GET", "/slow/y").text == "here") }
        #expect(try ProcessMemory.peak(of: gateway.program) < Self.memory)
        #expect(slow.drop(size) == size)
        #expect(try ProcessMemory.peak(of: gateway.program) < Self.memory)
    }
}
