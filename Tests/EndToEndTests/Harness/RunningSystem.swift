import Shared
import Testing

/// All three processes, as `postern up` starts them.
final class RunningSystem: Sendable {
    let folder: TemporaryFolder
    let program: RunningProgram
    let port: UInt16

    /// - Parameter configuration: a folder; the tutorial's by default.
    init(
        configuration: String = Project.tutorialConfiguration, dataInstances: Int = 1,
        environment: [String: String] = Project.environment
    ) throws {
        folder = try TemporaryFolder()
        program = try RunningProgram(
            program: "postern",
            [
                "up", "--config", configuration, "--state", "\(folder.path)/state", "--listen", "127.0.0.1:0",
                "--data", "\(dataInstances)",
            ], environment: environment)
        let ready = try program.line { $0.hasPrefix("ready ") }
        let match = try #require(ready.wholeMatch(of: /ready http:\/\/127\.0\.0\.1:(\d+)/))
        port = try #require(UInt16(match.1))
    }

    /// The process of that name, as `postern up` said when it was ready: `postern-data@1`.
    func processID(_ name: String) throws -> Int32 {
        let line = try program.line { $0.hasPrefix("\(name) is ready (process ") }
        let match = try #require(line.firstMatch(of: /\(process (\d+)\)/))
        return try #require(Int32(match.1))
    }

    func request(
        _ method: String = "GET", _ target: String, fields: [String] = [], body: String? = nil
    ) throws -> Message {
        try Client.request(port: port, method, target, fields: fields, body: body)
    }

    /// A token from a login.
    func token(_ username: String = "bob") throws -> String {
        let answer = try request(
            "POST", "/api/auth", body: #"{"username":"\#(username)","password":"password"}"#)
        let match = try #require(answer.text.wholeMatch(of: /\{"token":"([^"]+)"\}/))
        return String(match.1)
    }
}

/// One system for a whole suite: it is started before its first test, and ended after its last.
struct SharedSystem: SuiteTrait, TestScoping {
    @TaskLocal static var current: RunningSystem?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let system = try RunningSystem()
        try await Self.$current.withValue(system) { try await function() }
        #expect(try system.program.stop() == .exited(0))
    }

    /// The suite's system.
    static var system: RunningSystem { get throws { try #require(current) } }
}

extension Trait where Self == SharedSystem {
    /// The suite's tests share one system on the tutorial's configuration.
    static var tutorialSystem: Self { SharedSystem() }
}
