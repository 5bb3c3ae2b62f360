import CLinux
import Shared
import Testing

@Suite("A revocation reaches every loop of the gateway", .serialized)
struct RevokedEverywhereTests {
    private func fields(_ token: String) -> [String] { ["Authorization: Bearer \(token)"] }

    @Test("A revoked token is refused at once on every loop, while another user's requests flow and none is lost")
    func everyLoop() throws {
        let system = try JudgedSystem()
        let alice = try system.token("alice")
        let load = Load(port: system.gateway.port, "GET", "/members/x", fields: fields(alice))
        try load.start(4, .keptConnections)
        var times: [Duration] = []
        for _ in 0..<3 {
            let token = try JWT.sign(
                header: #"{"alg":"HS256","typ":"JWT"}"#,
                payload: #"{"userId":1,"iat":\#(postern_realtime_s()),"jti":"\#(postern_monotonic_ns())"}"#)
            let clients = try system.connections(token)
            try load.waitForAnswers(20)
            // Counted from when the command has ended: the token was revoked a little before.
            try system.revoke(token)
            let (_, time) = try timed {
                for client in clients {
                    while try client.ask("GET", "/members/x", fields: fields(token)).status != 401 {}
                }
            }
            times.append(time)
            for client in clients {
                #expect(try client.ask("GET", "/members/x", fields: fields(token)).status == 401)
            }
        }
        let tally = try load.stop()
        #expect(tally.lost.isEmpty)
        // One of them may have met a moment in which this machine did something else.
        #expect((times.min() ?? .seconds(1)) < .milliseconds(100), "\(times)")
        #expect(try system.gateway.program.stop() == .exited(0))
    }

    /// An event stream whose first event has come, and an open tunnel.
    private func open(_ system: JudgedSystem, _ token: String) throws -> (events: SocketStream, tunnel: SocketStream) {
        let events = try system.gateway.connect()
        events.send(Client.bytes("GET", "/members/events", fields: fields(token)))
        #expect(try events.head().status == 200)
        #expect(events.has(":\n\n"))
        let tunnel = try system.gateway.connect()
        tunnel.send(
            Client.bytes(
                "GET", "/members/x", fields: fields(token) + ["Connection: upgrade", "Upgrade: websocket"]))
        #expect(try tunnel.head().status == 101)
        tunnel.send("ping")
        #expect(tunnel.has("ping"))
        return (events, tunnel)
    }

    @Test("What is open with a revoked token is closed, what others have open is not")
    func streams() throws {
        let system = try JudgedSystem()
        let bob = try open(system, system.token("bob"))
        let alice = try open(system, system.token("alice"))
        try system.revoke("--user", "bob")
        _ = bob.tunnel.everything()
        #expect(bob.tunnel.end != .silent)
        #expect(!String(decoding: bob.events.everything(), as: UTF8.self).hasSuffix("0\r\n\r\n"))
        #expect(bob.events.end != .silent)
        alice.tunnel.send("still here")
        #expect(alice.tunnel.has("still here"))
        system.news.change { $0 += 1 }
        #expect(alice.events.has(":\n\n"))
        let counters = try system.gateway.counters()
        #expect(counters["closed.revoked"] == 2)
        #expect(counters["revocations.streams"] == 2)
        #expect(counters["revocations.heard"] == 2)
        alice.tunnel.close()
        alice.events.close()
        #expect(try system.gateway.program.stop() == .exited(0))
    }

    @Test("A killed auth service costs no verdict in its grace, and none is used after it")
    func killed() throws {
        let system = try JudgedSystem("verdict_grace: 3s\n")
        let (bob, alice) = (try system.token("bob"), try system.token("alice"))
        let clients = try system.connections(bob)
        _ = try system.connections(alice)
        system.auth.kill()
        let start = postern_monotonic_ns()
        var seen: [(began: UInt64, ended: UInt64, answer: Message)] = []
        while postern_monotonic_ns() - start < 4_500_000_000 {
            for client in clients {
                let began = postern_monotonic_ns() - start
                let answer = try client.ask("GET", "/members/x", fields: fields(bob))
                seen.append((began, postern_monotonic_ns() - start, answer))
            }
        }
        // The last sign of life was a second before its end at most, and a little.
        let early = seen.filter { $0.ended < 1_500_000_000 }
        #expect(!early.isEmpty && early.allSatisfy { $0.answer.status == 200 })
        let late = seen.filter { $0.began > 3_050_000_000 }
        #expect(!late.isEmpty && late.allSatisfy { $0.answer.status == 503 && $0.answer["Retry-After"] == ["1"] })
        #expect(seen.allSatisfy { $0.answer.status == 200 || $0.answer.status == 503 })
        #expect(system.gateway.program.lines.contains { $0.contains("revocations are not heard") })

        // Nobody hears of this one when it is made.
        try system.revoke("--user", "bob")
        try system.restartAuth()
        try system.gateway.program.line { $0.contains("revocations are heard again") }
        for client in clients {
            #expect(try client.ask("GET", "/members/x", fields: fields(alice)).status == 200)
            #expect(try client.ask("GET", "/members/x", fields: fields(bob)).status == 401)
        }
        #expect(try system.gateway.program.stop() == .exited(0))
    }

    @Test("A revocation between the end of one auth service and the start of the next is in force within the grace too")
    func betweenTwo() throws {
        let system = try JudgedSystem("verdict_grace: 5m\n")
        let bob = try system.token("bob")
        let clients = try system.connections(bob)
        #expect(try system.auth.stop() == .exited(0))
        try system.revoke("--user", "bob")
        for client in clients { #expect(try client.ask("GET", "/members/x", fields: fields(bob)).status == 200) }
        try system.restartAuth()
        try system.gateway.program.line { $0.contains("revocations are heard again") }
        for client in clients { #expect(try client.ask("GET", "/members/x", fields: fields(bob)).status == 401) }
    }
}

extension RunningGateway {
    /// The counters, as the control socket tells them.
    func counters() throws -> [String: Int64] {
        let stream = try SocketStream.connect(unix: fixture.controlSocket)
        stream.send(Client.bytes("GET", "/counters"))
        let object = try StrictJSON.parseObject(stream.response().body)
        return Dictionary(object.members.map { ($0.name, $0.value.integer ?? -1) }) { first, _ in first }
    }
}
