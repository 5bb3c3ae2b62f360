import Glibc
import Testing

@Suite("Limits: each is kept, and counted where an operator can read it")
struct LimitTests {
    /// A gateway with limits of its own, before a service that reads each request whole.
    private func serve(
        _ limits: String, threads: Int = 1, _ body: (RunningGateway) throws -> Void
    ) throws {
        let fixture = try GatewayFixture()
        try fixture.write(
            "postern.yaml",
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: \(threads)\nlimits: {\(limits)}\n")
        let main = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while let request = service.read(stream) {
                if request.target == "/slow/large" {
                    stream.send("HTTP/1.1 200 OK\r\nContent-Length: \(1 << 28)\r\n\r\n")
                    stream.sendZeros(1 << 28)
                } else if request.target == "/slow/tunnel" {
                    stream.send("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
                    _ = stream.everything()
                } else {
                    stream.send(Answer.ok("ok"))
                }
            }
        }
        defer { main.stop() }
        try body(try fixture.start())
    }

    /// What the gateway says of one counter when it is asked (SIGUSR1).
    private func counter(_ name: String, of gateway: RunningGateway) throws -> Int {
        let first = gateway.program.lines.count
        gateway.program.signal(SIGUSR1)
        let line = try gateway.program.line(from: first) { $0.contains(" counters ") }
        let word = try #require(line.split(separator: " ").first { $0.hasPrefix("\(name)=") })
        return try #require(Int(word.dropFirst(name.utf8.count + 1)))
    }

    private func fill(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test("A request line, a field, the fields and the head: 414 and 431")
    func heads() throws {
        try serve("request_line: 300, field: 400, fields: 10, head: 1000") { gateway in
            let cases = [
                ("GET /slow/\(fill(300)) HTTP/1.1\r\n", 414, "limits.request_line"),
                ("GET /slow/x HTTP/1.1\r\nX: \(fill(400))\r\n", 431, "limits.field"),
                ("GET /slow/x HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 11), 431, "limits.fields"),
                ("GET /slow/x HTTP/1.1\r\n" + String(repeating: "X: \(fill(300))\r\n", count: 4), 431, "limits.head"),
            ]
            for (text, status, name) in cases {
                let client = try gateway.connect()
                client.send(text)
                #expect(try client.response().status == status)
                #expect(try counter(name, of: gateway) == 1)
            }
        }
    }

    @Test("A body: 413")
    func body() throws {
        try serve("") { gateway in
            let answer = try gateway.request("POST", "/slow/x", body: fill((1 << 20) + 1))
            #expect(answer.status == 413)
            #expect(try counter("limits.body", of: gateway) == 1)
        }
    }

    @Test("The time for a head: 408")
    func headDeadline() throws {
        try serve("head_deadline: 300ms") { gateway in
            let client = try gateway.connect()
            client.send("GET /slow/x HTTP/1.1\r\nHo")
            #expect(try client.response().status == 408)
            #expect(try counter("limits.head_deadline", of: gateway) == 1)
        }
    }

    @Test("The rate of a body: 408 and close for one that trickles in")
    func bodyRate() throws {
        try serve("body_deadline: 500ms, body_rate: 1000") { gateway in
            let client = try gateway.connect()
            client.send("POST /slow/x HTTP/1.1\r\nHost: postern.test\r\nContent-Length: 100000\r\n\r\n")
            client.setPatience(.milliseconds(20))
            let deadline = Deadline(in: .patience)
            // A byte for each time that nothing came: far below the rate.
            var answer: [UInt8] = []
            while answer.isEmpty, !deadline.hasPassed {
                client.send("x")
                answer = readNow(client)
            }
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(try counter("limits.body_rate", of: gateway) == 1)
        }
    }

    private func readNow(_ client: SocketStream) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(client.descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }

    @Test("The rate at which an answer is taken: one who reads nothing is broken off, and its service let go")
    func writeRate() throws {
        try serve("write_deadline: 500ms") { gateway in
            let client = try gateway.connect()
            client.send(Client.bytes("GET", "/slow/large"))
            _ = try client.head()
            let deadline = Deadline(in: .patience)
            var count = 0
            while count == 0, !deadline.hasPassed { count = try counter("limits.write_rate", of: gateway) }
            #expect(count == 1)
            #expect(client.drop(1 << 28) < 1 << 28)
            #expect(try counter("cancelled", of: gateway) == 1)
        }
    }

    @Test("The time between requests: closed without a word")
    func idle() throws {
        try serve("idle: 300ms") { gateway in
            let client = try Client(port: gateway.port)
            #expect(try client.request("GET", "/slow/x").text == "ok")
            #expect(client.stream.everything().isEmpty && client.stream.end == .closed)
            #expect(try counter("closed.idle", of: gateway) == 1)
        }
    }

    @Test("The requests of a connection: the last says close")
    func requests() throws {
        try serve("requests: 3") { gateway in
            let client = try Client(port: gateway.port)
            let connections = try (1...3).map { _ in try client.request("GET", "/slow/x")["Connection"] }
            #expect(connections == [[], [], ["close"]])
            #expect(client.stream.everything().isEmpty && client.stream.end == .closed)
            #expect(try counter("closed.requests", of: gateway) == 1)
        }
    }

    @Test("A tunnel in which nothing moves is closed")
    func tunnelIdle() throws {
        try serve("tunnel_idle: 300ms") { gateway in
            let client = try gateway.connect()
            client.send(Client.bytes("GET", "/slow/tunnel", fields: ["Connection: upgrade", "Upgrade: websocket"]))
            #expect(try client.head().status == 101)
            #expect(client.everything().isEmpty && client.end != .silent)
            #expect(try counter("closed.tunnel_idle", of: gateway) == 1)
            #expect(try counter("tunnels.open", of: gateway) == 0)
        }
    }

    @Test(
        "Connections in all and of one client: one more is closed at once, those that stand are served, and it is logged",
        arguments: ["connections", "connections_per_client"])
    func connections(_ limit: String) throws {
        try serve("\(limit): 3", threads: 2) { gateway in
            let standing = try (1...3).map { _ in try gateway.connect() }
            for client in standing { try expectService(client) }
            for _ in 1...20 {
                let refused = try gateway.connect()
                refused.send(Client.bytes("GET", "/slow/x"))
                #expect(refused.everything().isEmpty && refused.end != .silent)
            }
            for client in standing { try expectService(client) }
            #expect(try counter("limits.\(limit)", of: gateway) == 20)
            // The first is told of at once, the others not before a minute has passed.
            let told = gateway.program.lines.filter { $0.contains(" connections refused ") }
            #expect(told.count == 1)
            #expect(told.first?.contains(" \(limit)=1") == true)
        }
    }

    private func expectService(_ client: SocketStream) throws {
        client.send(Client.bytes("GET", "/slow/x"))
        #expect(try client.response().text == "ok")
    }

    @Test("Every counter is in one line of the log, and the status line says what an operator must know")
    func report() throws {
        try serve("connections: 1") { gateway in
            let client = try Client(port: gateway.port)
            #expect(try client.request("GET", "/slow/x").text == "ok")
            _ = try gateway.connect().everything()
            #expect(try counter("requests", of: gateway) == 1)
            for name in ["cancelled", "retries", "broken", "failed.upstream", "failed.ourselves", "closed.token_end"] {
                #expect(try counter(name, of: gateway) == 0)
            }
            let status = "STATUS=3 routes, 1 instances, 1 connections, 1 connections refused, 1 limits met"
            try gateway.notify.message(status, from: gateway.program)
        }
    }
}
