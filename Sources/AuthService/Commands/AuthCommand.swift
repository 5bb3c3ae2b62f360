import ArgumentParser
import Shared

/// `postern-auth`: accounts, passwords, keys and tokens. It has no network of its own.
@main
struct AuthCommand: ParsableCommand {
    static let program = "postern-auth"

    static let configuration = CommandConfiguration(
        commandName: program,
        abstract: "Log users in, and say which tokens are good.",
        version: ProgramVersion.line(for: program),
        subcommands: [
            ServeCommand.self, CheckCommand.self, UserCommand.self, SessionCommand.self, KeyCommand.self,
            TokenCommand.self, BackupCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)

    static func main() {
        runAsProgram(named: program)
    }
}
