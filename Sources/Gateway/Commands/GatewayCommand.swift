import ArgumentParser
import Shared

/// `postern-gateway`: the one door in front of the services.
@main
struct GatewayCommand: ParsableCommand {
    static let program = "postern-gateway"

    static let configuration = CommandConfiguration(
        commandName: program,
        abstract: "Serve a folder of routes: judge tokens, forward, and let nothing of the inside show.",
        version: ProgramVersion.line(for: program),
        subcommands: [
            ServeCommand.self, CheckCommand.self, ExplainCommand.self, RoutesCommand.self, ReloadCommand.self,
            AuditCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)

    static func main() {
        runAsProgram(named: program)
    }
}
