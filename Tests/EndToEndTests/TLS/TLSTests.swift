import FoundationEssentials
import Shared
import Testing

@testable import Gateway

@Suite("TLS in front")
struct TLSTests {
    private func get(_ path: String, _ fields: String...) -> String {
        "GET \(path) HTTP/1.1\r\nHost: postern.test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    @Test("curl is served with TLS 1.2 and 1.3, the service told of it, and 1.1 refused")
    func versions() throws {
        let fixture = try SecureFixture(listen: ", hsts: {max_age: 30d}")
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let url = "https://127.0.0.1:\(gateway.port)/open/a"
        for version in ["1.2", "1.3"] {
            let answer = try gateway.curl(
                "-i", "--cacert", fixture.file("ca.pem"), "--tlsv\(version)", "--tls-max", version, url)
            #expect(answer.status == .exited(0), "\(answer.text)")
            #expect(answer.text.contains("X-Forwarded-Proto: https"))
            #expect(answer.text.ranges(of: "Strict-Transport-Security").count == 1)
            #expect(answer.text.contains("Strict-Transport-Security: max-age=2592000"))
        }
        let old = try RunningProgram(
            "/usr/bin/openssl",
            ["s_client", "-connect", "127.0.0.1:\(gateway.port)", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        #expect(try old.end() != .exited(0), "\(old.text)")
        #expect(try gateway.counter("tls.failed.version") == 1)
        // Over plain HTTP nothing is said of it.
        let plain = try gateway.gateway.request("GET", "/open/a")
        #expect(plain["Strict-Transport-Security"].isEmpty && plain.text.contains("X-Forwarded-Proto: http\n"))
    }

    @Test("the certificate follows the name that is asked for")
    func names() throws {
        let fixture = try SecureFixture(
            tls: "[{certificate: server.pem, key: server.key}, {certificate: wild.pem, key: wild.key}]")
        try fixture.make("wild", "DNS:*.wild.test")
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        for name in ["postern.test", "a.wild.test"] {
            let client = try SecureClient(port: gateway.port, fixture.client(name))
            try client.send(get("/open/a"))
            #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        }
        #expect(throws: (any Error).self) { try SecureClient(port: gateway.port, fixture.client("b.a.wild.test")) }
    }

    @Test("a megabyte goes both ways whole")
    func bulk() throws {
        let fixture = try SecureFixture()
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let body = String(repeating: "0123456789abcdef", count: 1 << 16)
        try body.write(toFile: fixture.file("body"), atomically: true, encoding: .utf8)
        let answer = try gateway.curl(
            "--cacert", fixture.file("ca.pem"), "--data-binary", "@\(fixture.file("body"))", "-o", fixture.file("got"),
            "https://127.0.0.1:\(gateway.port)/open/a")
        #expect(answer.status == .exited(0), "\(answer.text)")
        #expect(try String(contentsOfFile: fixture.file("got"), encoding: .utf8) == body)
    }

    @Test("changed certificates serve new connections, open ones go on, and broken files change nothing")
    func reload() throws {
        let fixture = try SecureFixture()
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let old = try SecureClient(port: gateway.port, fixture.client())
        try fixture.make("next", "DNS:next.test")
        for suffix in ["key", "pem"] {
            try FileManager.default.removeItem(atPath: fixture.file("server.\(suffix)"))
            try FileManager.default.moveItem(
                atPath: fixture.file("next.\(suffix)"), toPath: fixture.file("server.\(suffix)"))
        }
        try gateway.gateway.program.line { $0.contains("certificates changed, new connections use them") }
        let new = try SecureClient(port: gateway.port, fixture.client("next.test"))
        for client in [old, new] {
            try client.send(get("/open/a"))
            #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        }
        let seen = gateway.gateway.program.lines.count
        try "broken".write(toFile: fixture.file("server.pem"), atomically: true, encoding: .utf8)
        try gateway.gateway.program.line(from: seen) { $0.contains("changed certificates cannot be used") }
        _ = try SecureClient(port: gateway.port, fixture.client("next.test"))
    }

    @Test("a session is resumed on another connection, on whichever loop")
    func resumption() throws {
        let fixture = try SecureFixture()
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let tls = try fixture.client()
        for number in 0..<5 {
            let client = try SecureClient(port: gateway.port, tls)
            try client.send(get("/open/a"))
            try client.receive(until: "\r\n\r\n")
            #expect(client.session.wasResumed == (number > 0))
        }
        #expect(try gateway.counter("tls.resumed") == 4)
        #expect(try gateway.counter("tls.handshakes") == 5)
    }

    @Test("a client must show its certificate, its subject goes to the service, and cannot be made up")
    func clientCertificates() throws {
        let fixture = try SecureFixture(listen: ", client_certificates: {ca: ca.pem}")
        try fixture.make("alice", "DNS:alice.test", subject: "/O=Example, Inc./CN=Alice")
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let alice = try SecureClient(port: gateway.port, fixture.client(identity: "alice"))
        try alice.send(get("/open/a", "Postern-Client: CN=Mallory", "Connection: close"))
        try alice.receiveToEnd()
        let seen = String(decoding: alice.received, as: UTF8.self)
        #expect(seen.contains(#"Postern-Client: CN=Alice,O=Example\, Inc."#) && !seen.contains("Mallory"))
        // With TLS 1.3 a client learns of it after its own part of the handshake.
        let nobody = try SecureClient(port: gateway.port, fixture.client())
        try nobody.receiveToEnd()
        #expect(nobody.received.isEmpty)
        #expect(try gateway.counter("tls.failed.certificate") == 1)
    }

    @Test("a tunnel goes through TLS")
    func tunnel() throws {
        let fixture = try SecureFixture()
        let service = try ScriptedService(fixture.gateway.mainSocket) { service, stream, _ in
            guard service.read(stream) != nil else { return }
            stream.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nhello")
            while stream.fill() { stream.send(stream.take(stream.input.count)) }
        }
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try SecureClient(port: gateway.port, fixture.client())
        try client.send(get("/open/a", "Connection: upgrade", "Upgrade: echo"))
        #expect(try client.receive(until: "hello").hasPrefix("HTTP/1.1 101"))
        for number in 0..<3 {
            try client.send("line \(number)\n")
            #expect(try client.receive(until: "\n") == "line \(number)\n")
        }
    }

    @Test("what is no TLS, or stops in the middle, is closed without a word and counted")
    func garbage() throws {
        let fixture = try SecureFixture(main: "limits: {head_deadline: 300ms}")
        let gateway = try fixture.start()
        for bytes in ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}\u{1}\u{2}garbage garbage garbage"] {
            let stream = try SocketStream.connect(port: gateway.port)
            stream.send(bytes)
            _ = try? stream.head()
            #expect(stream.end == .closed || stream.end == .reset)
        }
        // The first five bytes of a record, and no more.
        let slow = try SocketStream.connect(port: gateway.port)
        slow.send("\u{16}\u{3}\u{1}\u{2}\u{0}")
        _ = try? slow.head()
        #expect(slow.end == .closed || slow.end == .reset)
        #expect(try gateway.counter("tls.failed.http") == 1)
        #expect(try gateway.counter("tls.failed.protocol") == 1)
        #expect(try gateway.counter("limits.head_deadline") == 1)
        #expect(try gateway.counter("tls.handshakes") == 0)
    }

    @Test("a listener may send everybody to TLS, at the same place and host")
    func redirect() throws {
        let fixture = try SecureFixture()
        let gateway = try fixture.start()
        func location(_ target: String, host: String, _ method: String = "GET") throws -> (Int, [String]) {
            let stream = try SocketStream.connect(port: gateway.redirectPort)
            stream.send("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let answer = try stream.response(to: method)
            return (answer.status, answer["Location"])
        }
        #expect(try location("/a/b?c=d", host: "postern.test") == (308, ["https://postern.test:8443/a/b?c=d"]))
        #expect(try location("/", host: "postern.test:8080", "POST") == (308, ["https://postern.test:8443/"]))
        #expect(try location("/a", host: "[::1]:80") == (308, ["https://[::1]:8443/a"]))
        #expect(try location("//evil.test/a", host: "postern.test").0 == 400)
        #expect(try location("/a/%2e%2e/b", host: "postern.test").0 == 400)
        #expect(try gateway.counter("redirects.https") == 3)
    }

    @Test("a wrong key, and one that others can read, are said with file, line and mend")
    func check() throws {
        let fixture = try SecureFixture(
            tls: "[{certificate: server.pem, key: other.key}, {certificate: server.pem, key: open.key}]")
        try fixture.make("other", "DNS:other.test")
        try FileManager.default.copyItem(atPath: fixture.file("server.key"), toPath: fixture.file("open.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.file("open.key"))
        let open = try RunningProgram.run(program: "postern-gateway", ["check", fixture.gateway.configuration])
        #expect(open.status == 78)
        #expect(open.lines.joined().contains("postern.yaml:3:") && open.lines.joined().contains("open.key"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: fixture.file("open.key"))
        let wrong = try RunningProgram.run(program: "postern-gateway", ["check", fixture.gateway.configuration])
        #expect(wrong.lines.joined().contains("other.key: the key does not belong to the certificate."))
    }
}

@Suite("docs/tls.md")
struct TLSPageTests {
    @Test("the page's example is good, and serves")
    func example() throws {
        let page = try String(contentsOfFile: "\(Project.folder)/docs/tls.md", encoding: .utf8)
        let block = try #require(page.firstMatch(of: /(?s)```yaml\n(.*?)```/))
        let text = String(block.1)
        let fixture = try SecureFixture()
        try fixture.gateway.folder.makeFolder("config/tls")
        try fixture.make("tls/server", "DNS:postern.test")
        try fixture.gateway.write("postern.yaml", text)
        let check = try RunningProgram.run(program: "postern-gateway", ["check", fixture.gateway.configuration])
        #expect(check.status == 0, "\(check.lines)")
        // On ports that are free, and where the fixture looks for them.
        let local = text.replacing(/\*:(443|80)/, with: "127.0.0.1:0")
        try fixture.gateway.write("postern.yaml", local)
        let service = try fixture.startEcho()
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try SecureClient(port: gateway.port, fixture.client())
        try client.send("GET /open/a HTTP/1.1\r\nHost: postern.test\r\n\r\n")
        #expect(try client.receive(until: "\r\n\r\n").contains("Strict-Transport-Security: max-age=31536000\r\n"))
    }
}
