import FoundationEssentials
import Glibc
import Shared
import Testing

@testable import Gateway

/// A gateway that speaks TLS, with certificates made by openssl(1): `NAME.pem` and `NAME.key` in its configuration.
struct SecureFixture {
    let gateway: GatewayFixture

    /// - Parameters:
    ///   - listen: further keys of the listener that speaks TLS.
    ///   - main: further lines of postern.yaml.
    init(tls: String = "{certificate: server.pem, key: server.key}", listen: String = "", main: String = "") throws {
        gateway = try GatewayFixture()
        try gateway.write(
            "postern.yaml",
            "listen:\n- 127.0.0.1:0\n- {address: '127.0.0.1:0', tls: \(tls)\(listen)}\n"
                + "- {address: '127.0.0.1:0', redirect: https, port: 8443}\nthreads: 2\n\(main)\n")
        try gateway.folder.remove("config/routes/members")
        try openssl("req -x509 \(Self.newKey) -keyout ca.key -out ca.pem -days 3 -subj", "/CN=Test CA")
        try make("server", "DNS:postern.test,DNS:localhost,IP:127.0.0.1")
    }

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

    func file(_ name: String) -> String { "\(gateway.configuration)/\(name)" }
    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    /// A certificate of the test's authority.
    func make(_ name: String, _ names: String, subject: String = "/CN=test") throws {
        try openssl(
            "req -x509 \(Self.newKey) -keyout \(name).key -out \(name).pem -days 60 -CA ca.pem -CAkey ca.key -addext",
            "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE", "-subj", subject)
    }

    func openssl(_ words: String, _ more: String...) throws {
        let arguments = words.split(separator: " ").map { word in
            word.hasSuffix(".pem") || word.hasSuffix(".key") ? file(String(word)) : String(word)
        }
        let program = try RunningProgram("/usr/bin/openssl", arguments + more)
        try #require(program.end() == .exited(0), "openssl \(words): \(program.text)")
    }

    func client(_ name: String = "postern.test", identity: String? = nil) throws -> TLSClient {
        try TLSClient(
            serverName: name, authorities: try bytes("ca.pem"),
            identity: try identity.map {
                TLSIdentity(certificate: try bytes("\($0).pem"), key: try bytes("\($0).key"))
            },
            minimumVersion: .tls12)
    }

    /// A service that answers with what it was sent: the request's head as text, or its body where it has one.
    func startEcho() throws -> ScriptedService {
        try ScriptedService(gateway.mainSocket) { request in
            let text =
                request.body.isEmpty
                ? ([request.start] + request.fields.map(\.description)).joined(separator: "\n") : request.text
            return
                "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
        }
    }

    func start() throws -> RunningSecureGateway { try RunningSecureGateway(gateway.start()) }
}

struct RunningSecureGateway {
    let gateway: RunningGateway
    let port: UInt16
    let redirectPort: UInt16

    init(_ gateway: RunningGateway) throws {
        self.gateway = gateway
        func port(_ name: String) throws -> UInt16 {
            let line = try gateway.program.line { $0.contains("listening listener=") && $0.hasSuffix("name=\(name)") }
            let match = try #require(line.firstMatch(of: /listener=127\.0\.0\.1:(\d+)/))
            return try #require(UInt16(match.1))
        }
        self.port = try port("https")
        redirectPort = try port("redirect")
    }

    /// What curl(1) writes, and its exit status.
    func curl(_ arguments: String...) throws -> (status: ChildEnd, text: String) {
        let program = try RunningProgram("/usr/bin/curl", ["-sS", "--max-time", "10"] + arguments)
        let end = try program.end()
        return (end, program.text)
    }

    /// What the gateway says of one counter when it is asked (SIGUSR1).
    func counter(_ name: String) throws -> Int {
        let seen = gateway.program.lines.count
        gateway.program.signal(SIGUSR1)
        let line = try gateway.program.line(from: seen) { $0.contains(" counters ") }
        let value = line.split(separator: " ").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
        return try #require(value.flatMap { Int($0) }, "no \(name) in \(line)")
    }
}
