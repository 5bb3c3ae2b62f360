import CLinux
import Testing

@Suite("What was begun with a token ends with it")
struct TokenEndTests {
    private func verdict(seconds: Int64) -> String {
        Answer.whole("200 OK", "", ["Postern-User: 1", "Postern-Expires: \(postern_realtime_s() + seconds)"])
    }

    @Test("An event stream is broken off, not ended, and its service is told at once")
    func stream() throws {
        let fixture = try GatewayFixture()
        let left = Monitor(false)
        let verify = try ScriptedService(fixture.verifySocket) { _ in verdict(seconds: 2) }
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            _ = stream.everything()
            left.change { $0 = stream.end != .silent }
        }
        defer {
            verify.stop()
            main.stop()
        }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(Client.bytes("GET", "/members/x", fields: ["Authorization: Bearer t"]))
        let (error, time) = timed { #expect(throws: MessageError.self) { try client.response() } }
        #expect(error != .incomplete(.silent))
        #expect(time < .seconds(20))
        #expect(left.wait { $0 ? true : nil } == true)
    }

    @Test("A tunnel is closed on both sides")
    func tunnel() throws {
        let fixture = try GatewayFixture()
        let left = Monitor(false)
        let verify = try ScriptedService(fixture.verifySocket) { _ in verdict(seconds: 2) }
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
            _ = stream.everything()
            left.change { $0 = stream.end != .silent }
        }
        defer {
            verify.stop()
            main.stop()
        }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(
            Client.bytes(
                "GET", "/members/x",
                fields: ["Authorization: Bearer t", "Connection: upgrade", "Upgrade: websocket"]))
        #expect(try client.head().status == 101)
        #expect(client.everything().isEmpty)
        #expect(client.end != .silent)
        #expect(left.wait { $0 ? true : nil } == true)
    }
}
