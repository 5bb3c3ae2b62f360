// Unsafe code: C strings for unlink(2).
import Glibc
import Shared
import Testing

@Suite("An instance that is drained")
struct DrainTests {
    private let fixture: GatewayFixture

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("services/main.yaml", "instances: unix:data/*.sock\n")
        try fixture.folder.makeFolder("run/data")
    }

    private func socket(_ name: String) -> String { "\(fixture.runFolder)/data/\(name).sock" }

    private func drain(_ name: String, _ word: String = "drain", deadline: Int? = nil) throws -> Message {
        let rest = deadline.map { #","deadline":\#($0)"# } ?? ""
        return try control("/services/main/\(word)", #"{"instance":"unix:\#(socket(name))"\#(rest)}"#)
    }

    private func control(_ target: String, _ body: String) throws -> Message {
        let stream = try SocketStream.connect(unix: fixture.controlSocket)
        stream.send(Client.bytes("POST", target, body: Array(body.utf8)))
        return try stream.response(to: "POST")
    }

    private func instance(_ name: String) throws -> ServiceReport.Instance? {
        let json = try StrictJSON.parseObject(try fixture.control("GET", "/services").body)
        let service = ServiceReport.read(json)?.first { $0.name == "main" }
        return service?.instances.first { $0.address == "unix:\(socket(name))" }
    }

    @Test("It gets no new request, what it has is answered, and only then the drain has ended")
    func drains() throws {
        let gate = Monitor(false)
        let held = Monitor(0)
        let services = try ["1", "2"].map { name in
            try ScriptedService(socket(name)) { request in
                if request.target.hasPrefix("/slow") {
                    held.change { $0 += 1 }
                    _ = gate.wait { $0 ? true : nil }
                }
                return Answer.ok(name)
            }
        }
        defer { for service in services { service.stop() } }
        let gateway = try fixture.start()
        // Until one hangs at each of the two, wherever the loops send them.
        var clients: [SocketStream] = []
        while try instance("1")?.inFlight == 0 || instance("2")?.inFlight == 0, clients.count < 64 {
            let client = try SocketStream.connect(port: gateway.port)
            client.send(Client.bytes("GET", "/slow/x"))
            clients.append(client)
            let count = clients.count
            #expect(held.wait { $0 == count ? true : nil } == true)
        }
        #expect(try drain("2", deadline: 0).text.hasPrefix(#"{"drained":false,"in_flight":"#))
        #expect(try instance("2")?.state == .draining)
        for _ in 0..<16 { #expect(try gateway.request("GET", "/open/x").text == "1") }

        let ended = Monitor<Message?>(nil)
        let (path, body) = (fixture.controlSocket, #"{"instance":"unix:\#(socket("2"))"}"#)
        try TestThread.start("drain") {
            let stream = try? SocketStream.connect(unix: path)
            stream?.send(Client.bytes("POST", "/services/main/drain", body: Array(body.utf8)))
            let answer = try? stream?.response(to: "POST")
            ended.change { $0 = answer }
        }
        #expect((try instance("2")?.inFlight ?? 0) > 0)
        #expect(ended.value == nil)
        gate.change { $0 = true }
        let answers = Set(try clients.map { try $0.response(to: "GET").text })
        #expect(answers == ["1", "2"])
        #expect(ended.wait { $0 }?.text == #"{"drained":true,"in_flight":0}"#)

        #expect(try drain("2", "undrain").status == 200)
        #expect(try instance("2")?.state == .up)
        #expect(Set(try (0..<32).map { _ in try gateway.request("GET", "/open/x").text }) == ["1", "2"])
    }

    @Test("One that is released is asked all the same, on connections that are not kept")
    func last() throws {
        let service = try ScriptedService(socket("1")) { _ in Answer.ok("1") }
        defer { service.stop() }
        let gateway = try fixture.start()
        #expect(try gateway.request("GET", "/open/x").text == "1")
        #expect(try drain("1", "release").text == #"{"drained":true,"in_flight":0}"#)
        #expect(try instance("1")?.state == .up)
        let before = service.record.value.connections
        for _ in 0..<3 { #expect(try gateway.request("GET", "/open/x").text == "1") }
        #expect(service.record.value.connections == before + 3)
    }

    @Test("Once its socket is gone it is forgotten: the next of that name starts fresh")
    func forgotten() throws {
        let first = try ScriptedService(socket("1")) { _ in Answer.ok("1") }
        let other = try ScriptedService(socket("2")) { _ in Answer.ok("2") }
        defer { other.stop() }
        let gateway = try fixture.start()
        #expect(try drain("1").status == 200)
        #expect(unsafe unlink(socket("1")) == 0)
        first.stop()
        try gateway.program.line { $0.contains("left=unix:\(socket("1"))") }
        let next = try ScriptedService(socket("1")) { _ in Answer.ok("new") }
        defer { next.stop() }
        try gateway.program.line { $0.contains("joined=unix:\(socket("1"))") }
        #expect(try instance("1")?.state == .up)
        #expect(Set(try (0..<32).map { _ in try gateway.request("GET", "/open/x").text }) == ["new", "2"])
    }

    @Test("What is no instance is said", arguments: ["drain", "release", "undrain"])
    func refusals(word: String) throws {
        let service = try ScriptedService(socket("1")) { _ in Answer.ok("1") }
        defer { service.stop() }
        let gateway = try fixture.start()
        #expect(try control("/services/main/\(word)", "{}").status == 400)
        #expect(try control("/services/main/\(word)", #"{"instance":"unix:/x","deadline":-1}"#).status == 400)
        #expect(try control("/services/main/\(word)", #"{"instance":"unix:/x"}"#).status == 404)
        #expect(try control("/services/other/\(word)", #"{"instance":"unix:\#(socket("1"))"}"#).status == 404)
        withExtendedLifetime(gateway) {}
    }
}
