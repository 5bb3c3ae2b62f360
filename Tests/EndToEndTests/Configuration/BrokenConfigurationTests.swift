import FoundationEssentials
import Shared
import Testing

@Suite("A configuration that is wrong")
struct BrokenConfigurationTests {
    @Test("postern check says what, where and the mend, and exits with 78", arguments: BrokenConfiguration.all)
    func check(_ broken: BrokenConfiguration) throws {
        let folder = try TemporaryFolder()
        let configuration = try broken.make(in: folder)
        let (status, lines) = try RunningProgram.run(program: "postern", ["check", configuration])
        #expect(status == 78)
        #expect(Array(lines.dropLast()) == broken.lines(in: configuration))
        #expect(lines.last == "postern: \(configuration): not good, see above (\(broken.program): exit status 78)")
    }

    @Test("The program that reads it says the same, and starts nothing", arguments: BrokenConfiguration.all)
    func start(_ broken: BrokenConfiguration) throws {
        let folder = try TemporaryFolder()
        let configuration = try broken.make(in: folder)
        for name in ["run/auth", "run/data", "state"] { try folder.makeFolder(name) }
        let (status, lines) = try RunningProgram.run(
            program: broken.program,
            ["--config", configuration, "--run", "\(folder.path)/run", "--state", "\(folder.path)/state"],
            environment: Project.environment)
        #expect(status == 78)
        #expect(lines == broken.lines(in: configuration))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/run").sorted() == ["auth", "data"])
        #expect(try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/state").isEmpty)
    }

    private static let broken =
        BrokenConfiguration.ofMain[7...7] + BrokenConfiguration.ofAuth[3...3]
        + BrokenConfiguration.ofData[2...2] + BrokenConfiguration.ofTree[0...0] + BrokenConfiguration.ofServices[1...1]

    @Test("postern check says all problems of all files at once")
    func allAtOnce() throws {
        let folder = try TemporaryFolder()
        let configuration = try BrokenConfiguration(
            "all", files: Self.broken.flatMap(\.files), problems: []
        ).make(in: folder)
        let (status, lines) = try RunningProgram.run(program: "postern", ["check", configuration])
        #expect(status == 78)
        #expect(Set(lines.dropLast()) == Set(Self.broken.flatMap { $0.lines(in: configuration) }))
        #expect(lines.count == Self.broken.count + 1)
        #expect(
            lines.last == "postern: \(configuration): not good, see above (postern-gateway: exit status 78; "
                + "postern-auth: exit status 78; postern-data: exit status 78)")
    }

    @Test("postern up ends with 78, the words of who found it, and nothing that runs", arguments: broken)
    func up(_ broken: BrokenConfiguration) throws {
        let folder = try TemporaryFolder()
        let configuration = try broken.make(in: folder)
        let (status, lines) = try RunningProgram.run(
            program: "postern",
            ["up", "--config", configuration, "--state", "\(folder.path)/state", "--listen", "127.0.0.1:0"],
            environment: Project.environment)
        #expect(status == 78)
        for line in broken.lines(in: configuration) { #expect(lines.contains { $0.hasSuffix("| \(line)") }) }
        #expect(lines.contains { $0.hasPrefix("postern: \(broken.program)") && $0.contains("exit status 78") })
        #expect(!lines.contains { $0.hasPrefix("ready") })
        let sockets = try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/state/sockets")
        #expect(!sockets.contains { $0.hasSuffix(".sock") })
    }

    @Test("The tutorial's configuration is good")
    func good() throws {
        let (status, lines) = try RunningProgram.run(program: "postern", ["check", Project.tutorialConfiguration])
        #expect(status == 0)
        #expect(
            lines == [
                "\(Project.tutorialConfiguration): good (checked by postern-gateway, postern-auth, postern-data)"
            ])
    }

    @Test("A folder that is not there is said by name, with 78", arguments: ["check", "up"])
    func noFolder(_ command: String) throws {
        let arguments = command == "check" ? ["check", "/nonexistent"] : ["up", "--config", "/nonexistent"]
        let (status, lines) = try RunningProgram.run(program: "postern", arguments)
        #expect(status == 78)
        #expect(lines.contains { $0.contains("/nonexistent") && $0.contains("does not exist") })
    }

    @Test("Without a key the auth service does not start, and says where one may be", arguments: [nil, ""])
    func noKey(_ secret: String?) throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("auth")
        let (status, lines) = try RunningProgram.run(
            program: "postern-auth",
            ["--config", Project.tutorialConfiguration, "--run", folder.path, "--state", folder.path],
            environment: secret.map { ["JWT_SECRET_KEY": $0] } ?? [:])
        #expect(status == 78)
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.hasPrefix("\(Project.tutorialConfiguration)/auth.yaml:11:3: no key to sign tokens with"))
        #expect(line.contains("JWT_SECRET_KEY"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path) == ["auth"])
    }

    @Test("A wrong command line is 64, with the mend", arguments: Project.programs)
    func usage(_ program: String) throws {
        let (status, lines) = try RunningProgram.run(program: program, ["--no-such-option"])
        #expect(status == 64)
        #expect(lines.contains { $0.contains("--no-such-option") })
    }

    @Test("Every program says its version", arguments: Project.programs)
    func version(_ program: String) throws {
        let (status, lines) = try RunningProgram.run(program: program, ["--version"])
        #expect(status == 0)
        #expect(lines == ["\(program) \(ProgramVersion.number)"])
    }
}
