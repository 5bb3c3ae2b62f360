import Glibc
import Shared
import Testing

@Suite("The egress socket")
struct EgressTests {
    private let fixture: GatewayFixture
    private let outside: ScriptedService
    private let main: ScriptedService

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write(
            "postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 2\negress: unix:egress.sock\n")
        try fixture.write("services/clerk.yaml", "instances: unix:clerk.sock\n")
        try fixture.write(
            "egress/clerk-jwks.yaml", "service: clerk\npath: /.well-known/jwks.json\nmethods: [GET]\n")
        outside = try ScriptedService("\(fixture.runFolder)/clerk.sock") { Answer.ok("clerk \($0.target)") }
        main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
    }

    private var socket: String { "\(fixture.runFolder)/egress.sock" }

    private func stop() {
        outside.stop()
        main.stop()
    }

    private func ask(_ text: String) throws -> Message {
        let stream = try SocketStream.connect(unix: socket)
        stream.send(text)
        return try stream.response()
    }

    private func get(_ target: String, host: String = "localhost") throws -> Message {
        try ask("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    }

    @Test("A local service reaches what it was given; public routes are not there, and it is on no public listener")
    func served() throws {
        defer { stop() }
        let gateway = try fixture.start()
        #expect(try get("/clerk-jwks").text == "clerk /.well-known/jwks.json")
        try get("/open/x").expect(404, error: "Not found")
        try get("/.well-known/jwks.json").expect(404, error: "Not found")
        try gateway.request("GET", "/clerk-jwks").expect(404, error: "Not found")
        #expect(try gateway.request("GET", "/open/x").text == "main")
        let post = try ask("POST /clerk-jwks HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        #expect(post.status == 405 && post["Allow"] == ["GET, HEAD"])
        #expect(try gateway.program.stop() == .exited(0))
        #expect(!fixture.folder.exists("run/egress.sock"))
    }

    @Test(
        "It is no proxy: neither a target in absolute form, nor CONNECT, nor Host chooses where a request goes",
        arguments: [
            ("GET http://127.0.0.1:1/clerk-jwks HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 200),
            ("GET http://127.0.0.1:1/other HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 404),
            ("GET http://127.0.0.1:1/clerk-jwks HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
            ("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 400),
            ("GET /clerk-jwks HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 200),
            ("GET //127.0.0.1:1/clerk-jwks HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET /http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET /clerk-jwks/../open/x HTTP/1.1\r\nHost: x\r\n\r\n", 400),
            ("GET /clerk-jwks HTTP/1.1\r\nHost: x\r\nX-Forwarded-Host: y\r\nX-Original-URL: /open/x\r\n\r\n", 200),
        ])
    func noProxy(_ request: Raw, _ status: Int) throws {
        defer { stop() }
        let gateway = try fixture.start()
        let answer = try ask(request.text)
        #expect(answer.status == status)
        let reached = outside.record.value.requests
        #expect(reached.map(\.target) == (status == 200 ? ["/.well-known/jwks.json"] : []))
        #expect(main.record.value.requests.isEmpty)
        withExtendedLifetime(gateway) {}
    }

    @Test("Who may ask is judged by the process at the other end, also after a reload")
    func users() throws {
        defer { stop() }
        let form = { (user: UInt32) in
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\negress: {listen: unix:egress.sock, allow_users: [\"\(user)\"]}\n"
        }
        try fixture.write("postern.yaml", form(getuid() + 1))
        let gateway = try fixture.start()
        try get("/clerk-jwks").expect(403, error: "Forbidden")
        try get("/nothing").expect(403, error: "Forbidden")
        try fixture.write("postern.yaml", form(getuid()))
        #expect(try fixture.control("POST", "/reload").status == 200)
        #expect(try get("/clerk-jwks").status == 200)
        try fixture.write("egress/more.yaml", "service: clerk\npath: /more\n")
        #expect(try fixture.control("POST", "/reload").text.contains(#""added":["egress/more.yaml"]"#))
        #expect(try get("/more").text == "clerk /more")
        withExtendedLifetime(gateway) {}
    }

    @Test("What makes no sense there is refused when it is loaded")
    func refused() throws {
        defer { stop() }
        try fixture.write("egress/a.yaml", "service: clerk\nauth: required\n")
        try fixture.write("egress/b.yaml", "service: clerk\ncors: {origins: \"*\"}\n")
        try fixture.write("egress/c.yaml", "service: nobody\n")
        try fixture.write("egress/d.yaml", "service: clerk\nrate: 1/s per user\n")
        let refused = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        #expect(refused.status == 78)
        let text = refused.lines.joined(separator: "\n")
        for part in [
            "egress/a.yaml:2:7: the egress socket is for services", "egress/b.yaml:2:7: no page of a browser",
            "egress/c.yaml:1:10: there is no service 'nobody'", "egress/d.yaml:2:7: a rate per user",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        try fixture.folder.remove("config/egress")
        #expect(try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration]).status == 0)
        try fixture.write("egress/a.yaml", "service: clerk\n")
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\n")
        let nowhere = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        #expect(nowhere.lines.joined().contains("does not say where these routes are served"))
    }
}
