import ArgumentParser
import Shared

/// `postern-gateway check DIR`: reads postern.yaml, services/ and routes/, and touches nothing else.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check postern.yaml, services/ and routes/: all problems at once, each with file, line and the mend.")

    @OptionGroup var arguments: CheckArguments

    func run() throws {
        let standard = try RuntimeOptions.parse([])
        _ = try GatewayConfiguration.loadForPerson(
            directory: arguments.directory, runDirectory: standard.runDirectory)
    }
}

extension GatewayConfiguration {
    /// Loads, and fails with what a person is to read.
    static func loadForPerson(directory: String, runDirectory: String) throws(CommandFailure) -> GatewayConfiguration {
        do {
            return try load(directory: directory, runDirectory: runDirectory)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }
}
