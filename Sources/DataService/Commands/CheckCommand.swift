import ArgumentParser
import Shared

/// `postern-data check DIR`: reads data.yaml and touches nothing else.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check data.yaml: all problems at once, each with file, line and the mend.")

    @OptionGroup var arguments: CheckArguments

    func run() throws {
        let standard = try RuntimeOptions.parse([])
        let context = DataConfiguration.Context(
            runDirectory: standard.runDirectory, stateDirectory: standard.stateDirectory,
            instance: InstanceOptions.defaultName)
        do {
            _ = try DataConfiguration.load(from: arguments.directory, context: context)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }
}
