import FoundationEssentials
import Glibc
import Shared
import Testing

@Suite("What the gateway serves of auth.yaml on its egress socket")
struct IssuerEgressTests {
    private let fixture: GatewayFixture

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\negress: unix:egress.sock\n")
    }

    private func get(_ target: String, method: String = "GET") throws -> Message {
        let stream = try SocketStream.connect(unix: "\(fixture.runFolder)/egress.sock")
        stream.send("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try stream.response(to: method)
    }

    private func check() throws -> (status: Int32, text: String) {
        let run = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        return (run.status, run.lines.joined(separator: "\n"))
    }

    @Test("Exactly the URLs of the issuers, by GET alone, and with a reload those that were added")
    func served() throws {
        var port: UInt16 = 0
        let web = try ScriptedService(port: &port) { service, stream, _ in
            while let request = service.read(stream), stream.send(Answer.ok("keys \(request.target)")) {}
        }
        defer { web.stop() }
        let entry = { (name: String) in "- {issuer: \(name), jwks: \"http://127.0.0.1:\(port)/\(name)/keys\"}\n" }
        try fixture.write("auth.yaml", "issuers:\n" + entry("a"))
        let gateway = try fixture.start()
        #expect(try get("/http/127.0.0.1:\(port)/a/keys").text == "keys /a/keys")
        for other in [
            "/http/127.0.0.1:\(port)/b/keys", "/http/127.0.0.1:\(port)/a", "/http/127.0.0.1:\(port)/a/keys/x",
        ] {
            #expect(try get(other).status == 404, "\(other)")
        }
        #expect(try get("/http/127.0.0.1:\(port)/a/keys", method: "DELETE").status == 405)
        #expect(try gateway.request("GET", "/http/127.0.0.1:\(port)/a/keys").status == 404)
        try fixture.write("auth.yaml", "issuers:\n" + entry("a") + entry("b"))
        #expect(try fixture.control("POST", "/reload").text.contains(#""changed":["auth.yaml"]"#))
        #expect(try get("/http/127.0.0.1:\(port)/b/keys").text == "keys /b/keys")
        // What else is wrong in the file is no matter of the gateway.
        try fixture.write("auth.yaml", "nonsense: {\n")
        #expect(try fixture.control("POST", "/reload").status == 200)
        #expect(try get("/http/127.0.0.1:\(port)/a/keys").status == 404)
        #expect(try gateway.program.stop() == .exited(0))
    }

    @Test("They are listed with the routes, and what cannot be served is an error of auth.yaml")
    func checked() throws {
        try fixture.write("auth.yaml", "issuers:\n- {issuer: a, jwks: \"https://a.example/keys\"}\n")
        let routes = try RunningProgram.run(program: "postern-gateway", ["routes", "--config", fixture.configuration])
        #expect(
            routes.lines.contains { $0.hasPrefix("(egress) /https/a.example/keys  GET, HEAD  none") }, "\(routes.lines)"
        )
        #expect(try check().status == 0)
        for (jwks, words) in [
            ("https://a.example", "does not end in the path of a document"),
            ("https://a.example/keys/", "does not end in the path of a document"),
            ("https://a.example//keys", "can be read in two ways"), ("https://a.example:0/keys", "is no port"),
        ] {
            try fixture.write("auth.yaml", "issuers:\n- {issuer: a, jwks: \"\(jwks)\"}\n")
            let found = try check()
            #expect(found.status == 78 && found.text.contains("auth.yaml:2:") && found.text.contains(words), "\(found)")
        }
        try fixture.write(
            "auth.yaml", "issuers:\n- {issuer: a, jwks: {url: \"https://a.example/keys\", ca: none.pem}}\n")
        #expect(try check().text.contains("none.pem: the file is not there"))
        try fixture.write("auth.yaml", "issuers:\n- {issuer: a, jwks: \"https://a.example/keys\"}\n")
        try fixture.write("egress/https/a.example/keys.yaml", "service: main\n")
        #expect(try check().text.contains("Give the file in egress/ another name"))
    }
}
