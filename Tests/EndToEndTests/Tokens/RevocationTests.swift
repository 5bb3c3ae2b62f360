import FoundationEssentials
import Shared
import Testing

@Suite("Tokens that are revoked")
struct RevocationTests {
    private let folder: TemporaryFolder
    private let system: RunningSystem

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        // Each request asks anew, so that what is seen is the auth service's word.
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:auth/auth.db
            seed: tutorial
            verdict: {max_age: 0s, refused_max_age: 0s}
            policy: {short_hmac_keys: accept}
            """, to: "config/auth.yaml")
        system = try RunningSystem(configuration: "\(folder.path)/config")
    }

    private func postern(_ arguments: String...) throws {
        let options = ["--config", "\(folder.path)/config", "--state", "\(system.folder.path)/state"]
        let run = try RunningProgram.run(
            program: "postern", arguments + options, environment: Project.environment)
        try #require(run.status == 0, "\(run.lines)")
    }

    private func users(_ token: String) throws -> Int {
        try system.request("GET", "/api/users", fields: ["Authorization: Bearer \(token)"]).status
    }

    /// Asks until the answer is that; the service hears of a revocation a moment after the command has ended.
    private func waitFor(_ status: Int, _ token: () throws -> String) throws {
        let end = ContinuousClock.now + .seconds(10)
        while try users(token()) != status { try #require(ContinuousClock.now < end, "never \(status)") }
    }

    @Test("one token, then all of a user's: refused at once, the others' stay, and a new login is good")
    func revocation() throws {
        let bob = try system.token("bob")
        let alice = try system.token("alice")
        try waitFor(200) { bob }
        try postern("token", "revoke", bob)
        try waitFor(401) { bob }
        #expect(try users(alice) == 200)

        try postern("token", "revoke", "--user", "alice")
        try waitFor(401) { alice }
        // A token of the same second is refused as well: it may have been made before.
        try waitFor(200) { try system.token("alice") }
        #expect(try users(alice) == 401)
        #expect(try system.program.stop() == .exited(0))
    }

    @Test("the stream on the verify socket tells whose they are, gives signs of life, and ends with the service")
    func stream() throws {
        let stream = try SocketStream.connect(unix: "\(system.folder.path)/state/sockets/auth/verify.sock")
        stream.send(Client.bytes("GET", "/revocations"))
        let head = try stream.head()
        #expect(head.status == 200)
        #expect(head["Content-Type"] == ["text/event-stream"])
        #expect(stream.has("event: begin\ndata: {}\n\n"))
        #expect(stream.has(":\n\n"))
        try postern("user", "remove", "john")
        #expect(stream.has("event: revoked\ndata: {\"user\":\"3\"}\n\n"))
        #expect(try system.program.stop() == .exited(0))
    }
}

extension SocketStream {
    /// Whether that text comes, now or later; what is before it is taken with it.
    func has(_ text: String) -> Bool {
        while true {
            if let range = input.firstRange(of: Array(text.utf8)) {
                _ = take(range.upperBound)
                return true
            }
            guard fill() else { return false }
        }
    }
}
