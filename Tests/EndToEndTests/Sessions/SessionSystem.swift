import FoundationEssentials
import Shared
import Testing

/// All processes on the tutorial's configuration, with sessions and the routes that their page shows.
final class SessionSystem {
    let folder: TemporaryFolder
    private(set) var system: RunningSystem

    /// - Parameters:
    ///   - auth: further lines of auth.yaml.
    ///   - gateway: further lines of postern.yaml.
    init(auth: String = "sessions: on", gateway: String = "") throws {
        folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        for (name, text) in try DocumentedFiles(page: "sessions.md").files where name.hasPrefix("routes/") {
            try folder.write(text, to: "config/\(name)")
        }
        // Each request asks anew, so that what is seen is the auth service's word.
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:\(folder.path)/auth.db
            seed: tutorial
            verdict: {max_age: 0s, refused_max_age: 0s}
            policy: {short_hmac_keys: accept}
            \(auth)

            """, to: "config/auth.yaml")
        try folder.write(
            "listen: 127.0.0.1:3000\nverify: unix:auth/verify.sock\n\(gateway)\n", to: "config/postern.yaml")
        system = try RunningSystem(configuration: "\(folder.path)/config")
    }

    /// Stops all processes, and starts them on the same store.
    func restart() throws {
        #expect(try system.program.stop() == .exited(0))
        system = try RunningSystem(configuration: "\(folder.path)/config")
    }

    func postern(_ arguments: String...) throws -> String {
        let run = try RunningProgram.run(
            program: "postern",
            arguments + ["--config", "\(folder.path)/config", "--state", "\(system.folder.path)/state"],
            environment: Project.environment)
        try #require(run.status == 0, "\(run.lines)")
        return run.lines.joined(separator: "\n")
    }

    struct NoTokens: Error {
        let status: Int
        let text: String
    }

    struct Tokens {
        let access: String
        let refresh: String

        /// - Throws: for an answer without tokens.
        init(_ message: Message) throws {
            let object = try StrictJSON.parseObject(Array(message.text.utf8))
            guard message.status == 200, let access = object["token"]?.string,
                let refresh = object["refreshToken"]?.string
            else { throw NoTokens(status: message.status, text: message.text) }
            self.access = access
            self.refresh = refresh
        }

        var bearer: [String] { ["Authorization: Bearer \(access)"] }
        var body: String { #"{"refreshToken":"\#(refresh)"}"# }
    }

    func login(_ username: String = "bob", _ password: String = "password") throws -> Tokens {
        try Tokens(
            system.request("POST", "/api/auth", body: #"{"username":"\#(username)","password":"\#(password)"}"#))
    }

    func refresh(_ tokens: Tokens) throws -> Message {
        try system.request("POST", "/api/auth/refresh", body: tokens.body)
    }

    func logout(_ tokens: Tokens, _ body: String = "{}") throws -> Message {
        try system.request("POST", "/api/auth/logout", fields: tokens.bearer, body: body)
    }

    /// The status of a request that wants a token.
    func users(_ tokens: Tokens) throws -> Int {
        try system.request("GET", "/api/users", fields: tokens.bearer).status
    }
}
