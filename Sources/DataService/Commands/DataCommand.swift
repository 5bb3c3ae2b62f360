import ArgumentParser
import Shared

/// `postern-data`: the tutorial's users, posts and comments, the model of a service behind the gate.
@main
struct DataCommand: ParsableCommand {
    static let program = "postern-data"

    static let configuration = CommandConfiguration(
        commandName: program,
        abstract: "Serve the tutorial's users, posts and comments on a Unix socket.",
        version: ProgramVersion.line(for: program),
        subcommands: [ServeCommand.self, CheckCommand.self, BackupCommand.self],
        defaultSubcommand: ServeCommand.self)

    static func main() {
        runAsProgram(named: program)
    }
}
