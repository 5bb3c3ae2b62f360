import Shared
import Testing

/// postern-auth alone, on a store that outlives it.
private final class AuthAlone: Sendable {
    let folder: TemporaryFolder
    let program: RunningProgram

    init(_ folder: TemporaryFolder) throws {
        self.folder = folder
        let notify = try NotifySocket(in: folder)
        program = try RunningProgram(
            program: "postern-auth",
            [
                "--config", "\(folder.path)/config", "--run", "\(folder.path)/run", "--state", "\(folder.path)/state",
            ], environment: Project.environment.merging(notify.environment) { $1 })
        try notify.message("READY=1", from: program)
    }

    static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for name in ["config", "run/auth", "state/auth"] { try folder.makeFolder(name) }
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:auth/auth.db
            seed: tutorial
            passwords: {cost: 4}
            policy: {short_hmac_keys: accept}
            sessions: on

            """, to: "config/auth.yaml")
        return folder
    }

    func ask(_ method: String, _ target: String, fields: [String] = [], body: String? = nil) throws -> Message {
        let socket = target == "/verify" ? "verify" : "login"
        let stream = try SocketStream.connect(unix: "\(folder.path)/run/auth/\(socket).sock")
        stream.send(Client.bytes(method, target, fields: fields, body: body.map { Array($0.utf8) }))
        return try stream.response(to: method)
    }

    func login() throws -> SessionSystem.Tokens {
        try SessionSystem.Tokens(ask("POST", "/api/auth", body: #"{"username":"bob","password":"password"}"#))
    }

    func isGood(_ tokens: SessionSystem.Tokens) throws -> Bool {
        try ask("GET", "/verify", fields: tokens.bearer).status == 200
    }

    /// The sessions that are alive, by their names.
    func alive() throws -> Set<String> {
        let list = try RunningProgram.run(
            program: "postern",
            ["session", "list", "--json", "--config", "\(folder.path)/config", "--state", "\(folder.path)/state"],
            environment: Project.environment)
        try #require(list.status == 0, "\(list.lines)")
        let parsed = try StrictJSON.parse(Array((list.lines.last ?? "").utf8))
        return Set((parsed.array ?? []).compactMap { $0.object?["id"]?.string })
    }
}

extension SessionSystem.Tokens {
    /// The `sid` of the access token.
    var session: String? {
        let parts = access.split(separator: ".")
        guard parts.count == 3, let payload = Base64URL.decode(Array(parts[1].utf8)) else { return nil }
        return (try? StrictJSON.parseObject(payload))?["sid"]?.string
    }
}

@Suite("Sessions of a service that is killed")
struct KilledServiceTests {
    private struct Held {
        var tokens: SessionSystem.Tokens
        var wasEnded = false
    }

    @Test(
        "amid refreshes and logouts: each session is alive or has ended, and what was answered is so", arguments: 1...3)
    func killed(round: Int) throws {
        let folder = try AuthAlone.folder()
        let auth = try AuthAlone(folder)
        let held = Monitor(try (0..<8).map { _ in Held(tokens: try auth.login()) })
        let progress = Monitor((refreshes: 0, stopped: 0))
        for index in 0..<8 {
            try TestThread.start("client") {
                while true {
                    let tokens = held.value[index].tokens
                    guard let answer = try? auth.ask("POST", "/api/auth/refresh", body: tokens.body),
                        let next = try? SessionSystem.Tokens(answer)
                    else { break }
                    held.change { $0[index].tokens = next }
                    let count = progress.change { progress -> Int in
                        progress.refreshes += 1
                        return progress.refreshes
                    }
                    // Some leave while the others go on.
                    if index < 3, count > 10 * round + index {
                        let out = try? auth.ask("POST", "/api/auth/logout", fields: next.bearer)
                        if out?.status == 200 { held.change { $0[index].wasEnded = true } }
                        break
                    }
                }
                progress.change { $0.stopped += 1 }
            }
        }
        try #require(progress.wait { $0.refreshes > 10 * round + 8 ? true : nil } == true)
        auth.program.kill()
        try #require(progress.wait { $0.stopped == 8 ? true : nil } == true)

        let again = try AuthAlone(folder)
        let alive = try again.alive()
        for session in held.value {
            let id = try #require(session.tokens.session)
            #expect(try again.isGood(session.tokens) == alive.contains(id))
            if session.wasEnded { #expect(!alive.contains(id)) }
            // The last use may have been written and not answered: then it is a reuse now, and the session ends.
            let refreshed = try again.ask("POST", "/api/auth/refresh", body: session.tokens.body).status
            #expect([200, 401].contains(refreshed))
            #expect(try again.isGood(session.tokens) == (refreshed == 200))
        }
        #expect(try again.alive().count == held.value.count { (try? again.isGood($0.tokens)) == true })
        #expect(try again.program.stop() == .exited(0))
    }
}
