import FoundationEssentials
import Glibc
import Shared
import Testing

/// Credentials reach the service, and nobody else: their bytes are looked for in all that comes out of the gateway.
@Suite("Where credentials show", .serialized)
struct CredentialSecrecyTests {
    /// Each with a byte that an escape changes, so that each form is told from the others.
    private let secrets = [
        "path": "pathS3cret/91d3+", "query": "queryS3cret&91d3=", "field": "fieldS3cret \"91d3\"",
        "password": "passwordS3cret:91d3?",
    ]
    private let fixture: GatewayFixture
    private let service: ScriptedService

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write(
            "routes/secret/[name].yaml",
            """
            service: main
            timeout: 200ms
            path: /{credential:path}/{name}
            query: {key: "{credential:query}"}
            headers: {set: {X-Api-Key: "{credential:field}"}}
            basic: {username: postern, password: "{credential:password}"}
            """)
        try fixture.write(
            "services/none.yaml", "instances: unix:none.sock\nheaders: {set: {X-K: '{credential:field}'}}\n")
        try fixture.write("routes/none.yaml", "service: none\n")
        service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while let request = service.read(stream) {
                if request.target.contains("/close") { return }
                if request.target.contains("/garbage") {
                    stream.send("garbage\r\n\r\n")
                    return
                }
                if request.target.contains("/silent") {
                    _ = stream.everything()
                    return
                }
                stream.send(Answer.ok("ok"))
            }
        }
        for (name, secret) in secrets { try write(secret, name) }
    }

    private var folder: String { "\(fixture.folder.path)/credentials" }

    private func write(_ secret: String, _ name: String, mode: mode_t = 0o600) throws {
        try fixture.folder.write(secret, to: "credentials/\(name)")
        try #require(unsafe chmod("\(folder)/\(name)", mode) == 0)
    }

    private func start() throws -> RunningGateway { try fixture.start("--credentials", folder) }

    /// Every form in which a secret could show.
    private func forms(_ secret: String) -> [String] {
        let bytes = Array(secret.utf8)
        let base64 = Data(bytes).base64EncodedString()
        let pair = Data(Array("postern:".utf8) + bytes).base64EncodedString()
        let hexadecimal = bytes.map { String($0, radix: 16) }.joined()
        let numbers = bytes.map { "\($0)" }.joined(separator: ", ")
        // Without what an escape or a log could write otherwise.
        let core = String(secret.prefix { $0.isLetter || $0.isNumber })
        return [core, base64, pair, String(pair.dropLast(4)), String(base64.dropLast(4)), hexadecimal, numbers]
    }

    private func expectNothing(in text: String, _ what: String) {
        for (name, secret) in secrets {
            for form in forms(secret) { #expect(!text.contains(form), "\(name) as \(form) in \(what)") }
        }
    }

    private func reload(_ gateway: RunningGateway) throws -> String {
        gateway.program.signal(SIGHUP)
        try gateway.notify.message("RELOADING=1", from: gateway.program)
        return try gateway.notify.message("READY=1", from: gateway.program)
    }

    @Test("no log, no error, no answer and no explanation shows one, whatever happens; the service gets each")
    func grep() throws {
        defer { service.stop() }
        let gateway = try start()
        var answers: [[UInt8]] = []
        for target in [
            "/secret/ok", "/secret/close", "/secret/garbage", "/secret/silent", "/none", "/secret/a//b",
            "/secret/%00", "/secret/ok/", "/secret/ok?key=mine", "/nothing",
        ] {
            let fields = ["X-Api-Key: {credential:field}", "Authorization: Basic bWluZTptaW5l"]
            answers.append(try gateway.request("GET", target, fields: fields).raw)
        }
        for bytes in [
            "GET /secret/ok HTTP/1.1\r\nX-Api-Key\r\n\r\n", "\0\0\r\n\r\n", "GET /secret/ok HTTP/9.9\r\n\r\n",
        ] {
            let stream = try gateway.connect()
            stream.send(bytes)
            answers.append(stream.everything())
        }
        answers.append(try gateway.request("TRACE", "/secret/ok").raw)
        gateway.program.signal(SIGUSR1)
        try gateway.program.line { $0.contains(" counters ") }

        // Reloads that fail in each way that has to do with a secret, and one that does not.
        #expect(!(try reload(gateway)).contains("reload failed"))
        let good = try #require(secrets["field"])
        try write(good, "field", mode: 0o644)
        #expect(try reload(gateway).contains("reload failed"))
        try write(good + "\n\n", "field")
        #expect(try reload(gateway).contains("reload failed"))
        try write(good + "\0", "field")
        #expect(try reload(gateway).contains("reload failed"))
        try fixture.folder.remove("credentials/field")
        #expect(try reload(gateway).contains("reload failed"))
        try fixture.write("routes/new.yaml", "service: main\npath: '/{credential:path}/{credential:field}?'\n")
        #expect(try reload(gateway).contains("reload failed"))
        answers.append(try gateway.request("GET", "/secret/ok").raw)

        var told: [String] = []
        for arguments in [
            ["check", fixture.configuration, "--credentials", folder], ["routes", "--config", fixture.configuration],
            ["explain", "--config", fixture.configuration, "--credentials", folder, "GET", "/secret/x?key=mine"],
        ] {
            told += try RunningProgram.run(program: "postern-gateway", arguments).lines
        }
        try write(good, "field")
        try fixture.folder.remove("config/routes/new.yaml")
        #expect(!(try reload(gateway)).contains("reload failed"))
        for arguments in [
            ["check", fixture.configuration, "--credentials", folder], ["routes", "--config", fixture.configuration],
            ["explain", "--config", fixture.configuration, "--credentials", folder, "GET", "/secret/x?key=mine"],
        ] {
            let (status, lines) = try RunningProgram.run(program: "postern-gateway", arguments)
            #expect(status == 0)
            told += lines
        }
        #expect(told.contains { $0.contains("X-Api-Key: {credential:field}") })
        #expect(try gateway.program.stop() == .exited(0))

        for answer in answers { expectNothing(in: String(decoding: answer, as: UTF8.self), "an answer") }
        for line in gateway.program.lines + gateway.notify.messages { expectNothing(in: line, "the log: \(line)") }
        for line in told { expectNothing(in: line, "a command's output: \(line)") }

        // That the service had them shows that they were there to be found.
        let seen = try #require(service.record.value.requests.first { $0.target.contains("/ok") })
        #expect(seen.target == "/pathS3cret%2F91d3%2B/ok?key=queryS3cret%2691d3%3D")
        #expect(seen["X-Api-Key"] == [good])
        let pair = Data(Array("postern:\(secrets["password"] ?? "")".utf8)).base64EncodedString()
        #expect(seen["Authorization"] == ["Basic \(pair)"])
        for request in service.record.value.requests {
            #expect(!request.raw.contains(Array("bWluZTptaW5l".utf8)), "the client's own in place of ours")
            #expect(!request.target.contains("mine"))
        }
    }

    @Test("a credential that has changed is in force after a reload, not before")
    func reread() throws {
        defer { service.stop() }
        let gateway = try start()
        _ = try gateway.request("GET", "/secret/ok")
        try write("another", "field")
        _ = try gateway.request("GET", "/secret/ok")
        #expect(!(try reload(gateway)).contains("reload failed"))
        _ = try gateway.request("GET", "/secret/ok")
        let seen = service.record.value.requests.flatMap { $0["X-Api-Key"] }
        let former = try #require(secrets["field"])
        #expect(seen == [former, former, "another"])
    }

    @Test("a gateway that holds credentials writes no core dump and lets nobody read its memory")
    func memory() throws {
        defer { service.stop() }
        let gateway = try start()
        let limits = try String(contentsOfFile: "/proc/\(gateway.program.processID)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(line.split(separator: " ").filter { $0 == "0" }.count == 2)
    }

    @Test("a gateway does not start without a credential that it names, and says which, where and the mend")
    func missing() throws {
        defer { service.stop() }
        try fixture.folder.remove("credentials/query")
        let (status, lines) = try RunningProgram.run(
            program: "postern-gateway",
            ["--config", fixture.configuration, "--run", fixture.runFolder, "--credentials", folder])
        #expect(status == 78)
        let text = lines.joined(separator: "\n")
        #expect(text.contains("routes/secret/[name].yaml:4:14"))
        #expect(text.contains("{credential:query}"))
        #expect(text.contains("LoadCredential="))
    }

    @Test("check without a folder of credentials says that it did not look at them, and by which names")
    func unlooked() throws {
        defer { service.stop() }
        let (status, lines) = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        #expect(status == 0)
        #expect(lines.contains { $0.contains("credentials were not looked at (field, password, path, query)") })
    }
}
