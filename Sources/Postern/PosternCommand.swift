import ArgumentParser
import Shared

/// `postern`: the operator's command. It parses and hands on; what owns a matter is the process that does the work.
@main
struct PosternCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postern",
        abstract: "An API gateway whose URL space is a folder of files.",
        discussion: """
            The first minute, from a checkout:
              postern up --config deploy/tutorial

            Before a change goes live, and when you wonder what it does:
              postern check /etc/postern
              postern routes
              postern explain GET /api/users/1

            How it all fares, and one more instance of a service:
              postern status --watch
              postern scale data 4

            \(ExitStatus.help)
            """,
        version: ProgramVersion.line(for: "postern"),
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [UpCommand.self]),
            CommandGroup(
                name: "Configuration",
                subcommands: [
                    CheckCommand.self, RoutesCommand.self, ExplainCommand.self, AuditCommand.self, ReloadCommand.self,
                ]),
            CommandGroup(
                name: "Instances", subcommands: [StatusCommand.self, ScaleCommand.self, AutoscaleCommand.self]),
            CommandGroup(
                name: "Account",
                subcommands: [UserCommand.self, SessionCommand.self, KeyCommand.self, TokenCommand.self]),
            CommandGroup(name: "Store", subcommands: [BackupCommand.self]),
            CommandGroup(name: "Shell", subcommands: [CompletionsCommand.self]),
        ])

    static func main() { runAsProgram(named: "postern") }
}
