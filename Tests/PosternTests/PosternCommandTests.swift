import ArgumentParser
import Shared
import Testing

@testable import Postern

@Suite("The command line of postern")
struct PosternCommandTests {
    @Test(
        "Every command is known by its name",
        arguments: [
            (["up", "--config", "c", "--listen", "127.0.0.1:1", "--data", "2", "--state", "s"], "UpCommand"),
            (["check", "d"], "CheckCommand"),
            (["explain", "--config", "c", "GET", "/"], "ExplainCommand"),
            (["routes", "--config", "c"], "RoutesCommand"),
            (["reload", "--config", "c"], "ReloadCommand"),
            (["scale", "data"], "ScaleCommand"),
            (["scale", "data", "4", "--runtime", "--timeout", "9"], "ScaleCommand"),
            (["status", "--watch", "--run", "r"], "StatusCommand"), (["autoscale", "--run", "r"], "AutoscaleCommand"),
            (["user", "add", "carol", "--name", "Carol", "--location", "Spain", "--password-stdin"], "Add"),
            (["user", "list", "--state", "s"], "List"),
            (["user", "password", "carol"], "Password"),
            (["user", "remove", "carol"], "Remove"), (["user", "unlock", "carol"], "Unlock"),
            (["backup", "auth", "a.db"], "Auth"), (["backup", "data", "a.db", "--force"], "Data"),
            (["token", "inspect", "a.b.c"], "Inspect"), (["token", "revocations", "--json"], "Revocations"),
            (["session", "list", "--user", "bob", "--json"], "List"), (["session", "end", "sid"], "End"),
            (["session", "end", "--user", "bob"], "End"),
            (["completions", "fish"], "CompletionsCommand"),
        ])
    func commands(arguments: [String], command: String) throws {
        #expect(try "\(type(of: PosternCommand.parseAsRoot(arguments)))" == command)
    }

    @Test(
        "A wrong command line ends with status 64",
        arguments: [
            ["explain", "GET"], ["explain", "get", "/"], ["up", "--data", "0"], ["up", "--data", "65"],
            ["up", "--listen", "3000"], ["up", "--state", ""], ["user", "add"], ["routes", "--colour"],
            ["scale"], ["scale", "data", "-1"], ["scale", "data", "1000"], ["scale", "../data"], ["scale", "a/b", "1"],
            ["scale", "data", "--runtime"], ["scale", "data", "2", "--timeout", "0"], ["status", "--watch", "--json"],
            ["backup", "auth"], ["backup", "auth", "folder/"], ["session", "end"],
            ["session", "end", "sid", "--user", "bob"], ["session", "end", ""],
            ["completions", "tcsh"], ["nothing"],
        ])
    func refusals(arguments: [String]) {
        #expect {
            try PosternCommand.parseAsRoot(arguments)
        } throws: {
            PosternCommand.exitCode(for: $0).rawValue == Shared.ExitStatus.usage.rawValue
        }
    }

    @Test("Each command is handed to the program that owns its matter")
    func owners() {
        #expect([ExplainCommand.program, RoutesCommand.program] == ["postern-gateway", "postern-gateway"])
        #expect(
            [
                UserCommand.Add.program, UserCommand.List.program, UserCommand.Password.program,
                UserCommand.Remove.program,
            ]
            .allSatisfy { $0 == "postern-auth" })
        #expect(TokenCommand.Inspect.program == "postern-auth")
    }

    @Test("The help of every command shows an example and what the options default to")
    func help() {
        #expect(PosternCommand.helpMessage().contains("postern explain GET /api/users/1"))
        #expect(PosternCommand.helpMessage().contains("EXIT STATUS"))
        let up = PosternCommand.helpMessage(for: UpCommand.self)
        #expect(up.contains("postern up --config deploy/tutorial"))
        #expect(up.contains("(default:"))
        #expect(!PosternCommand.helpMessage(for: UserCommand.List.self).contains("die-with-parent"))
    }

    @Test("A completion script knows the commands", arguments: CompletionsCommand.Shell.allCases)
    func completions(shell: CompletionsCommand.Shell) {
        let script = PosternCommand.completionScript(for: shell.completionShell)
        #expect(script.contains("explain") && script.contains("listen"))
    }
}
