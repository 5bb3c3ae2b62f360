import ArgumentParser
import Shared

/// `postern-auth check DIR`: reads auth.yaml and touches nothing else, keys included: who checks a configuration may
/// not read secrets.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check auth.yaml: all problems at once, each with file, line and the mend.")

    @OptionGroup var arguments: CheckArguments

    func run() throws {
        let standard = try RuntimeOptions.parse([])
        let context = AuthConfiguration.Context(
            runDirectory: standard.runDirectory, stateDirectory: standard.stateDirectory)
        do {
            _ = try AuthConfiguration.load(from: arguments.directory, context: context)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }
}
