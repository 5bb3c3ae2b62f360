// Unsafe code: chmod(2) takes a path as a C string.
import FoundationEssentials
import Glibc
import Shared
import Testing

@Suite("Keys that are made, published and rotated")
struct KeyRotationTests {
    private let folder: TemporaryFolder
    private var configuration: String { "\(folder.path)/config" }
    private static let now = Int(Date().timeIntervalSince1970)

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:auth.db
            seed: tutorial
            keys: \(folder.path)/keys
            jwks: {max_age: 0s}
            """, to: "config/auth.yaml")
    }

    private func key(_ arguments: String...) throws -> [String] {
        let run = try RunningProgram.run(program: "postern", ["key"] + arguments + ["--config", configuration])
        try #require(run.status == 0, "\(run.lines)")
        return run.lines
    }

    private func start() throws -> RunningSystem { try RunningSystem(configuration: configuration, environment: [:]) }

    private func reload(_ system: RunningSystem, until said: String) throws {
        let seen = system.program.lines.count
        kill(try system.processID("postern-auth"), SIGHUP)
        try system.program.line(from: seen) { $0.contains(said) }
    }

    private func users(_ system: RunningSystem, _ token: String) throws -> Int {
        try system.request("GET", "/api/users", fields: ["Authorization: Bearer \(token)"]).status
    }

    @Test("A new key signs after a reload, the tokens of the old one stay good, and both are published")
    func rotation() throws {
        _ = try key("generate", "--kid", "a", "--algorithm", "ES256")
        let system = try start()
        let first = try system.token()
        #expect(JWT(first).header == #"{"alg":"ES256","typ":"JWT","kid":"a"}"#)

        _ = try key("rotate", "--kid", "b", "--algorithm", "EdDSA")
        try reload(system, until: "the keys were read again")
        let second = try system.token()
        #expect(JWT(second).header == #"{"alg":"EdDSA","typ":"JWT","kid":"b"}"#)
        #expect(try users(system, first) == 200)
        #expect(try users(system, second) == 200)
        let list = try key("list")
        #expect(list.contains { $0.hasPrefix("a ") && $0.contains("verifies until") })
        #expect(list.contains { $0.hasPrefix("b ") && $0.contains("signs") })

        let set = try system.request("GET", "/api/auth/jwks.json")
        #expect(set.status == 200)
        #expect(set["Content-Type"] == ["application/jwk-set+json"])
        #expect(set["Cache-Control"] == ["public, max-age=0"])
        #expect(set.text.contains(#""kid":"a""#) && set.text.contains(#""kid":"b""#) && !set.text.contains(#""d":"#))
        let tag = try #require(set["ETag"].first)
        #expect(try system.request("GET", "/api/auth/jwks.json", fields: ["If-None-Match: \(tag)"]).status == 304)
        #expect(try system.program.stop() == .exited(0))
    }

    @Test("A broken file keeps the keys that run, and is named; the mend takes it up")
    func brokenFile() throws {
        _ = try key("generate", "--kid", "a")
        let system = try start()
        let token = try system.token()
        try folder.write("{", to: "keys/b.json")
        unsafe chmod("\(folder.path)/keys/b.json", 0o600)
        try reload(system, until: "reload failed")
        #expect(system.program.lines.contains { $0.contains("keys/b.json") })
        #expect(try users(system, token) == 200)
        #expect(try users(system, try system.token()) == 200)
        try folder.remove("keys/b.json")
        _ = try key("rotate", "--now", "--kid", "c")
        try reload(system, until: "the keys were read again")
        // A fresh token of the key that is gone: the verdict on the first one may be remembered still.
        #expect(try users(system, try system.token()) == 200)
        #expect(try system.program.stop() == .exited(0))
    }

    @Test(
        "PyJWT takes our tokens by the published keys, and we take its tokens by the same keys",
        .enabled(if: KeyPeer.isInstalled, "PyJWT is not here: apt-get install python3-jwt python3-cryptography"),
        arguments: ["RS256", "RS512", "PS256", "PS512", "ES256", "ES384", "ES512", "EdDSA"])
    func peer(algorithm: String) throws {
        _ = try key("generate", "--kid", "k", "--algorithm", algorithm)
        let system = try start()
        let token = try system.token()
        let set = try system.request("GET", "/api/auth/jwks.json").text
        #expect(try KeyPeer.verify(token, set: set) == JWT(token).payload)
        #expect(try KeyPeer.verify("\(JWT(token).signed).\(JWT(JWT.article).parts[2])", set: set) == nil)

        let jwk = String(decoding: try SecretFile(path: "\(folder.path)/keys/k.json").read(), as: UTF8.self)
        let payload = #"{"userId":1,"exp":\#(Self.now + 60)}"#
        let theirs = try KeyPeer.sign(payload, key: jwk)
        #expect(JWT(theirs).header.contains(#""alg":"\#(algorithm)""#))
        #expect(try users(system, theirs) == 200)
        let expired = try KeyPeer.sign(#"{"userId":1,"exp":\#(Self.now - 1)}"#, key: jwk)
        #expect(try users(system, expired) == 401)
        #expect(try users(system, "\(JWT(theirs).signed).\(JWT(expired).parts[2])") == 401)
        #expect(try system.program.stop() == .exited(0))
    }
}
