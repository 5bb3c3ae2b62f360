import Shared
import Testing

/// An HTTPS service of somebody else that lets out who it is in every way (`Tests/Tools/leaky-service`), behind a gateway
/// that knows it by its name. Reached without TLS, and without a gateway, the same answers come as they are.
struct LeakingService {
    static let host = "api.weather.example"

    let certificates: CertificateFolder
    let outside: OutsideFixture
    let program: RunningProgram
    let port: UInt16
    let plainPort: UInt16
    /// The answers, by name.
    let names: [String]

    init() throws {
        certificates = try CertificateFolder()
        try certificates.certificate("server", for: Self.host)
        program = try RunningProgram(
            "\(Project.folder)/Tests/Tools/leaky-service/serve",
            [
                "--host", Self.host, "--certificate", certificates.path("server.pem"), "--key",
                certificates.path("server.key"),
            ], environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        let line = try program.line { $0.hasPrefix("listening ") }
        let match = try #require(line.wholeMatch(of: /listening (\d+) (\d+)/))
        port = try #require(UInt16(match.1))
        plainPort = try #require(UInt16(match.2))
        names = try Client.request(port: plainPort, "GET", "/v1/names").text.split(separator: "\n").map(String.init)
        outside = try OutsideFixture("url: https://\(Self.host):\(port)/v1\n")
        outside.dns[Self.host] = .addresses(["127.0.0.1"], ttl: 60)
    }

    /// Starts the gateway with a mask, and waits until it knows the service.
    func gateway(mask: String) throws -> RunningGateway {
        try outside.write(
            """
            url: https://\(Self.host):\(port)/v1
            allow_private: true
            tls: {ca: \(certificates.path("ca.pem"))}
            mask: {\(mask)}

            """)
        let gateway = try outside.start()
        let answer = try gateway.ask("/far/framing/digests") { $0.status == 200 }
        try #require(answer.status == 200, "\(gateway.program.text)")
        return gateway
    }

    /// What `postern audit` says of the answers below `prefix`.
    func audit(port: UInt16, _ names: [String], below prefix: String) throws -> (status: Int32, lines: [String]) {
        let folder = outside.gateway.folder
        try folder.write(names.map { "GET \(prefix)/\($0)\n" }.joined(), to: "requests")
        return try RunningProgram.run(
            program: "postern",
            [
                "audit", "--config", outside.gateway.configuration, "--run", outside.gateway.runFolder, "--url",
                "http://127.0.0.1:\(port)", "--requests", "\(folder.path)/requests", "--look-for", Self.host,
                "--look-for", "127.0.0.1:\(self.port)",
            ])
    }

    /// The answers of `names` of which some line says something.
    func found(_ lines: [String], _ names: [String], below prefix: String) -> [String] {
        names.filter { name in lines.contains { $0.hasPrefix("GET \(prefix)/\(name): ") } }
    }
}

@Suite("A service of somebody else that lets out who it is")
struct OutsideLeakTests {
    private let service: LeakingService

    init() throws { service = try LeakingService() }

    @Test("The audit finds each leak where nothing masks")
    func unmasked() throws {
        let (status, lines) = try service.audit(port: service.plainPort, service.names, below: "/v1")
        #expect(status == 1)
        let found = service.found(lines, service.names, below: "/v1")
        #expect(service.names.count > 240)
        // A path alone says nothing of who wrote it.
        #expect(Set(service.names).subtracting(found).sorted() == ["field/Location-relative"])
    }

    @Test("Where bodies and errors are not masked the audit finds each of them through the gate, and no field")
    func fieldsMasked() throws {
        let gateway = try service.gateway(mask: "body: false")
        let (status, lines) = try service.audit(port: gateway.port, service.names, below: "/far")
        #expect(status == 1)
        let bodies = service.names.filter { $0.hasPrefix("body/") || $0.hasPrefix("error/") }
        let found = service.found(lines, service.names, below: "/far")
        #expect(Set(bodies).subtracting(found).sorted() == [])
        #expect(found.filter { $0.hasPrefix("field/") } == [])
    }

    @Test("The audit finds nothing where all is masked")
    func masked() throws {
        let gateway = try service.gateway(mask: "body: true, errors: replace")
        let (status, lines) = try service.audit(port: gateway.port, service.names, below: "/far")
        #expect(status == 0, "\(lines)")
        #expect(lines.last == "0 leaks in \(service.names.count) answers")
        try gateway.request("GET", "/far/broken/before").expect(502, error: "Bad gateway")
    }

    @Test("A page of the service's own software is an answer as any other: the detector keeps it back")
    func banner() throws {
        let gateway = try service.gateway(mask: "body: true, errors: replace, audit: block")
        // 502 where the page has come with its head, and no whole answer where it came after it.
        do {
            try gateway.request("GET", "/far/no/such/answer").expect(502, error: "Bad gateway")
        } catch MessageError.incomplete {}
        // None of the others is kept back for nothing.
        let names = service.names.filter { !$0.hasPrefix("error/") }
        let (status, lines) = try service.audit(port: gateway.port, names, below: "/far")
        #expect(status == 0, "\(lines)")
        for name in names where name.hasPrefix("body/") {
            #expect(try gateway.request("GET", "/far/\(name)").status == 200, "\(name)")
        }
    }

    @Test("What is masked still leads where it led, by the public way, and says the truth of its length and digest")
    func useful() throws {
        let gateway = try service.gateway(mask: "body: true, errors: replace")
        let page = "http://postern.test/far/current/paris?units=metric"
        let expected = [
            "body/json/plain": page,
            "body/json/slash-escaped": page.replacing("/", with: "\\/"),
            "body/json/unicode-slashes": page.replacing("/", with: "\\u002f"),
            "body/html/entity-decimal": page.replacing("/", with: "&#47;"),
            "body/css/protocol-relative": String(page.dropFirst("http:".count)),
            "body/event-stream/plain": page,
            "framing/chunks-of-1": page,
            "framing/gzip": page,
            "framing/deflate": page,
        ]
        for (name, text) in expected.sorted(by: { $0.key < $1.key }) {
            let answer = try gateway.request("GET", "/far/\(name)")
            #expect(answer.text.contains(text), "\(name): \(answer.text)")
            #expect(answer["Content-Encoding"] == [], "\(name)")
        }
        #expect(try gateway.request("GET", "/far/field/Location")["Location"] == [page])
        #expect(try gateway.request("GET", "/far/field/Location-relative")["Location"] == ["/far/current/paris"])
        let digests = try gateway.request("GET", "/far/framing/digests")
        #expect(digests["Digest"] == [] && digests["Content-Digest"] == [] && digests["ETag"] != ["\"abc\""])
        let cookies = try gateway.request("GET", "/far/field/Set-Cookie")["Set-Cookie"]
        #expect(cookies.contains { $0.hasPrefix("a=1; ") && $0.contains("Path=/far/current") })
    }
}
