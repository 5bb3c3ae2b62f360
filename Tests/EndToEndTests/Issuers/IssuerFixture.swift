// Unsafe code: poll(2) waits a little between two questions.
import Glibc
import Shared
import Testing

/// A gateway and an auth service that take the tokens of issuers, and a service behind them that tells what it was told.
final class IssuerFixture {
    let gatewayFixture: GatewayFixture
    let certificates: CertificateFolder
    private let main: ScriptedService
    private(set) var auth: RunningProgram?
    private(set) var gateway: RunningGateway?

    init() throws {
        gatewayFixture = try GatewayFixture()
        certificates = try CertificateFolder()
        try certificates.certificate("server", for: "127.0.0.1")
        try gatewayFixture.write(
            "postern.yaml",
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 1\negress: unix:egress.sock\n"
                + "token_cookies: [__session, __session_*]\n")
        main = try ScriptedService(gatewayFixture.mainSocket) { request in
            Answer.ok("\(request["Postern-User"].first ?? "-") \(JWT.decode(request["Postern-Claims"].first ?? ""))")
        }
    }

    deinit { main.stop() }

    /// - Parameter entries: those of `issuers`.
    func configure(_ entries: String, more: String = "") throws {
        try gatewayFixture.write(
            "auth.yaml",
            """
            listen: {login: "unix:login.sock", verify: "unix:verify.sock"}
            store: sqlite:auth.db
            policy: {short_hmac_keys: accept}
            verdict: {refused_max_age: 0s}
            \(more)
            issuers:
            \(entries)
            """)
    }

    @discardableResult
    func startAuth(environment: [String: String] = Project.environment) throws -> RunningProgram {
        try gatewayFixture.folder.makeFolder("state")
        let notify = try NotifySocket(in: gatewayFixture.folder)
        let program = try RunningProgram(
            program: "postern-auth",
            [
                "--config", gatewayFixture.configuration, "--run", gatewayFixture.runFolder, "--state",
                "\(gatewayFixture.folder.path)/state",
            ], environment: environment.merging(notify.environment) { $1 })
        try notify.message("READY=1", from: program)
        auth = program
        return program
    }

    @discardableResult
    func startGateway() throws -> RunningGateway {
        let started = try gatewayFixture.start()
        gateway = started
        return started
    }

    /// Both, and the keys of each issuer.
    func start(_ issuers: FakeIssuer...) throws {
        let auth = try startAuth()
        try startGateway()
        for issuer in issuers {
            try auth.line { $0.contains("the keys of an issuer were fetched") && $0.contains(issuer.name) }
        }
    }

    /// What the auth service says itself.
    func verify(_ fields: String...) throws -> Message {
        let stream = try SocketStream.connect(unix: gatewayFixture.verifySocket)
        let lines = ["GET /verify HTTP/1.1", "Host: localhost"] + fields
        stream.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try stream.response()
    }

    func verify(token: String) throws -> Message { try verify("Authorization: Bearer \(token)") }

    /// What a client gets.
    func ask(token: String) throws -> Message {
        try #require(gateway).request("GET", "/members/x", fields: ["Authorization: Bearer \(token)"])
    }

    /// Asks until the answer is another one than that.
    func verifyUntilNot(_ status: Int, token: String) throws -> Message {
        let deadline = Deadline(in: .patience)
        var answer = try verify(token: token)
        while answer.status == status, !deadline.hasPassed {
            var nothing = pollfd()
            _ = unsafe poll(&nothing, 0, 50)
            answer = try verify(token: token)
        }
        return answer
    }

    /// SIGHUP, until it has been done.
    func reloadAuth() throws {
        let auth = try #require(auth)
        let seen = auth.lines.count
        auth.signal(SIGHUP)
        try auth.line(from: seen) { $0.contains("the keys were read again") }
    }
}
