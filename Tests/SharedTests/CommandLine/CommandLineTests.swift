import ArgumentParser
import Testing

@testable import Shared

@Suite("Argument groups that the programs share")
struct CommandLineTests {
    @Test("The folders are those of the file system hierarchy unless named")
    func foldersHaveDefaults() throws {
        let runtime = try RuntimeOptions.parse([])
        #expect(try ConfigurationOptions.parse([]).directory == "/etc/postern")
        #expect(runtime.runDirectory == "/run/postern")
        #expect(runtime.stateDirectory == "/var/lib/postern")
        #expect(!runtime.diesWithParent)
    }

    @Test("The folders are taken from the command line")
    func foldersAreNamed() throws {
        let runtime = try RuntimeOptions.parse(["--run", "r", "--state", "s", "--die-with-parent"])
        #expect(try ConfigurationOptions.parse(["--config", "c"]).directory == "c")
        #expect(runtime.runDirectory == "r")
        #expect(runtime.stateDirectory == "s")
        #expect(runtime.diesWithParent)
    }

    @Test("An empty folder is refused", arguments: ["--run", "--state", "--credentials"])
    func emptyFolderIsRefused(option: String) {
        #expect(throws: (any Error).self) { try RuntimeOptions.parse([option, ""]) }
    }

    @Test("Credentials come from --credentials, else from where systemd put them")
    func credentialsDirectory() throws {
        let given = ["CREDENTIALS_DIRECTORY": "/run/credentials/u"]
        #expect(try RuntimeOptions.parse([]).credentialsDirectory(environment: given) == "/run/credentials/u")
        #expect(try RuntimeOptions.parse(["--credentials", "c"]).credentialsDirectory(environment: given) == "c")
        #expect(try RuntimeOptions.parse([]).credentialsDirectory(environment: [:]) == nil)
        #expect(try RuntimeOptions.parse([]).credentialsDirectory(environment: ["CREDENTIALS_DIRECTORY": ""]) == nil)
    }

    @Test("A program without --die-with-parent does not look at its parent")
    func parentIsLeftAlone() throws {
        try RuntimeOptions.parse([]).armDieWithParent(environment: [RuntimeOptions.parentVariable: "1"])
    }

    @Test("--listen takes an address, and says what is wrong with one that it does not take")
    func listenAddress() throws {
        #expect(try ListenOptions.parse([]).listen == nil)
        #expect(
            try ListenOptions.parse(["--listen", "127.0.0.1:3001"]).listen
                == .tcp(host: .address("127.0.0.1"), port: 3001))
        let message = refusal { try ListenOptions.parse(["--listen", "127.0.0.1"]) }
        #expect(message?.contains("names no port") == true, "\(message ?? "no error")")
    }

    @Test("check looks at /etc/postern unless a folder is named")
    func checkedFolder() throws {
        #expect(try CheckArguments.parse([]).directory == "/etc/postern")
        #expect(try CheckArguments.parse(["deploy/tutorial"]).directory == "deploy/tutorial")
    }

    @Test("A token is on the command line, or - and nothing stand for standard input")
    func token() throws {
        #expect(try TokenArguments.parse(["a.b.c"]).given == "a.b.c")
        #expect(try TokenArguments.parse(["-"]).given == nil)
        #expect(try TokenArguments.parse([]).given == nil)
    }

    @Test("A password is never taken from the command line")
    func passwordIsNoArgument() throws {
        #expect(try PasswordOptions.parse(["--password-stdin"]).readsStandardInput)
        #expect(throws: (any Error).self) { try PasswordOptions.parse(["--password", "secret"]) }
    }

    @Test("A username that is empty or holds a control character is refused", arguments: ["", "bob\n", "b\u{1B}ob"])
    func username(_ name: String) {
        #expect(throws: (any Error).self) { try UserNameArgument.parse([name]) }
    }

    @Test("--version names the program and a version of three numbers")
    func version() {
        #expect(ProgramVersion.line(for: "postern-auth") == "postern-auth \(ProgramVersion.number)")
        #expect(ProgramVersion.number.split(separator: ".").compactMap { Int($0) }.count == 3)
    }

    @Test("A failure is its message and its mend in one line")
    func failureText() {
        #expect("\(CommandFailure("port 3000 is taken", mend: "Use --listen"))" == "port 3000 is taken. Use --listen")
        #expect("\(CommandFailure("no"))" == "no")
    }

    @Test("A bad configuration is its problems, a line each, with status 78")
    func configurationFailure() {
        let problems = [1, 2].map { ConfigurationProblem(file: "a.yaml", line: $0, message: "bad", mend: "Mend it.") }
        let failure = CommandFailure(configuration: ConfigurationError(problems))
        #expect("\(failure)" == "a.yaml:1: bad. Mend it.\na.yaml:2: bad. Mend it.")
        #expect(failure.status == .configuration)
    }
}

/// What the parser tells a person of a refusal; nil when nothing was refused.
private func refusal(_ body: () throws -> ListenOptions) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return ListenOptions.message(for: error)
    }
}
