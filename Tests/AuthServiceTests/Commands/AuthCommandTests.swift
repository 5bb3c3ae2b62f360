import ArgumentParser
import Shared
import Testing

@testable import AuthService

@Suite("postern-auth's command line")
struct AuthCommandTests {
    @Test("without a subcommand it serves, with the folders that postern up gives")
    func serve() throws {
        let command = try AuthCommand.parseAsRoot([
            "--config", "/c", "--run", "/r", "--state", "/s", "--die-with-parent",
        ])
        let serve = try #require(command as? ServeCommand)
        #expect(serve.configuration.directory == "/c")
        #expect(serve.runtime.runDirectory == "/r")
        #expect(serve.runtime.stateDirectory == "/s")
    }

    @Test("what the operator's command passes on is understood")
    func delegated() throws {
        #expect(try AuthCommand.parseAsRoot(["check", "/c"]) is CheckCommand)
        #expect(try AuthCommand.parseAsRoot(["token", "inspect", "a.b.c"]) is TokenCommand.Inspect)
        #expect(try AuthCommand.parseAsRoot(["token", "revocations", "--json"]) is TokenCommand.Revocations)
        #expect(try AuthCommand.parseAsRoot(["session", "list", "--user", "bob"]) is SessionCommand.List)
        #expect(try AuthCommand.parseAsRoot(["session", "end", "sid"]) is SessionCommand.End)
        #expect(try AuthCommand.parseAsRoot(["user", "list"]) is UserCommand.List)
        #expect(try AuthCommand.parseAsRoot(["key", "generate", "--algorithm", "EdDSA"]) is KeyCommand.Generate)
        #expect(try AuthCommand.parseAsRoot(["key", "list"]) is KeyCommand.List)
        #expect(try AuthCommand.parseAsRoot(["key", "rotate", "--now"]) is KeyCommand.Rotate)
        #expect(try AuthCommand.parseAsRoot(["key", "retire", "k1"]) is KeyCommand.Retire)
        #expect(try AuthCommand.parseAsRoot(["user", "remove", "bob"]) is UserCommand.Remove)
        #expect(try AuthCommand.parseAsRoot(["user", "password", "bob", "--password-stdin"]) is UserCommand.Password)
        let add = try #require(
            try AuthCommand.parseAsRoot(["user", "add", "carol", "--location", "Spain"]) as? UserCommand.Add)
        #expect(add.profile.location == "Spain")
    }

    @Test("a password on the command line is refused")
    func noPasswordArgument() {
        for arguments in [["user", "add", "carol", "--password", "x"], ["user", "password", "bob", "x"]] {
            #expect(throws: (any Error).self) { try AuthCommand.parseAsRoot(arguments) }
        }
    }

    @Test("check reads auth.yaml and no key")
    func check() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "listen: {login: unix:a, verify: unix:b}\nstore: sqlite:auth.db\nkeys: /nonexistent\n", to: "auth.yaml")
        var command = try AuthCommand.parseAsRoot(["check", folder.path])
        try command.run()
        try folder.write("store: sqlite:auth.db\n", to: "auth.yaml")
        let failure = try #require(throws: CommandFailure.self) { try command.run() }
        #expect(failure.status == .configuration)
        #expect(try folder.names() == ["auth.yaml"])
    }
}
