import Testing

@Suite("TLS to outside services")
struct ServiceTLSTests {
    private let certificates: CertificateFolder

    init() throws {
        certificates = try CertificateFolder()
        try certificates.certificate("server", for: "far.example")
    }

    /// A gateway with far.example at a server.
    private func gateway(
        _ server: HTTPSServer, tls: String, host: String = "far.example"
    ) throws -> (RunningGateway, OutsideFixture) {
        let fixture = try OutsideFixture(
            "url: https://\(host):\(server.port)\nallow_private: true\ntls: {\(tls)}\n")
        fixture.dns["far.example"] = .addresses(["127.0.0.1"], ttl: 60)
        return (try fixture.start(), fixture)
    }

    private var ca: String { "ca: \(certificates.path("ca.pem"))" }

    @Test("a service whose certificate is as it must be is asked, by its name, over a connection that is kept")
    func good() throws {
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: ca)
        let client = try Client(port: gateway.port)
        for _ in 0..<3 {
            let answer = try client.request("GET", "/far/a")
            #expect(answer.status == 200 && answer.text == "secure")
        }
        let body = String(repeating: "x", count: 300_000)
        #expect(try client.request("POST", "/far/a", body: body).text == body)
        let line = try #require(server.requests.first)
        #expect(line.hasPrefix("request far.example http/1.1 [] TLSv1.3 | GET /a HTTP/1.1 |"))
        #expect(line.contains("'Host': 'far.example:\(server.port)'"))
        withExtendedLifetime(fixture) {}
    }

    /// Expects 502 without a word of the reason, which the operator reads.
    private func expectRefused(_ gateway: RunningGateway, _ server: HTTPSServer, log: String) throws {
        try gateway.request("GET", "/far/a").expect(502, error: "Bad gateway")
        let line = try gateway.program.line { $0.contains("service is refused: its TLS is not as it must be") }
        #expect(line.contains("service=far") && line.contains(log), "\(line)")
        #expect(try gateway.request("GET", "/far/a").status == 502)
        #expect(gateway.program.lines.filter { $0.contains("service is refused") }.count == 1)
        #expect(server.requests.isEmpty)
    }

    @Test("an authority that is not known is refused")
    func authority() throws {
        let server = try HTTPSServer(certificates)
        try certificates.authority("other")
        let (gateway, fixture) = try gateway(server, tls: "ca: \(certificates.path("other.pem"))")
        try expectRefused(gateway, server, log: "certificate")
        withExtendedLifetime(fixture) {}
    }

    @Test("the system's authorities are those that count where no other is named")
    func system() throws {
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: "minimum_version: 1.3")
        try expectRefused(gateway, server, log: "certificate")
        withExtendedLifetime(fixture) {}
    }

    @Test("a certificate for another name is refused")
    func name() throws {
        try certificates.certificate("server", for: "other.example")
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: ca)
        try expectRefused(gateway, server, log: "certificate")
        withExtendedLifetime(fixture) {}
    }

    @Test("a certificate whose time is over is refused")
    func expired() throws {
        try certificates.certificate("server", for: "far.example", days: -1)
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: ca)
        try expectRefused(gateway, server, log: "certificate")
        withExtendedLifetime(fixture) {}
    }

    @Test("another name can be asked for, in SNI and in the certificate")
    func serverName() throws {
        try certificates.certificate("server", for: "inner.example")
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: "\(ca), server_name: inner.example")
        #expect(try gateway.request("GET", "/far/a").status == 200)
        #expect(server.requests.first?.hasPrefix("request inner.example ") == true)
        withExtendedLifetime(fixture) {}
    }

    @Test("a numeric address is verified as such")
    func address() throws {
        try certificates.certificate("server", for: "127.0.0.1")
        let server = try HTTPSServer(certificates)
        let (gateway, fixture) = try gateway(server, tls: ca, host: "127.0.0.1")
        #expect(try gateway.request("GET", "/far/a").status == 200)
        withExtendedLifetime(fixture) {}
    }

    @Test("a certificate of ours is shown to a service that asks for one")
    func clientCertificate() throws {
        try certificates.certificate("gate", for: "gate.example")
        let server = try HTTPSServer(certificates, clientAuthority: "ca")
        let identity = "certificate: \(certificates.path("gate.pem")), key: \(certificates.path("gate.key"))"
        let (gateway, fixture) = try gateway(server, tls: "\(ca), \(identity)")
        #expect(try gateway.request("GET", "/far/a").status == 200)
        #expect(server.requests.first?.contains("['gate']") == true)
        withExtendedLifetime(fixture) {}
    }

    @Test("files that cannot be used are said at the check, with the mend")
    func check() throws {
        let fixture = try OutsideFixture("url: https://far.example\ntls: {ca: \(certificates.path("ca.key"))}\n")
        let result = try RunningProgram.run(program: "postern-gateway", ["check", fixture.gateway.configuration])
        #expect(result.status != 0)
        #expect(
            result.lines.contains { $0.contains("services/far.yaml") && $0.contains("certificate of an authority") })
    }
}
