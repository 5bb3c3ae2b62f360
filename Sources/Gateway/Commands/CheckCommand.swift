import ArgumentParser
import CLinux
import Shared

/// `postern-gateway check DIR`: reads postern.yaml, services/ and routes/, and touches nothing else.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check postern.yaml, services/ and routes/: all problems at once, each with file, line and the mend.")

    @OptionGroup var arguments: CheckArguments

    func run() throws {
        let standard = try RuntimeOptions.parse([])
        let folder = arguments.credentials ?? SecretFile.credentialsDirectory
        let credentials = folder.map { Credentials(folder: $0) } ?? .unread(readsFiles: true)
        let configuration = try GatewayConfiguration.loadForPerson(
            directory: arguments.directory, runDirectory: standard.runDirectory, credentials: credentials)
        for warning in configuration.main.warnings(now: postern_realtime_s()) {
            StandardStream.error.write("warning: \(warning)\n")
        }
        guard folder == nil, !credentials.names.isEmpty else { return }
        StandardStream.error.write(
            "\(GatewayCommand.program): credentials were not looked at (\(credentials.names.joined(separator: ", "))): "
                + "name their folder with --credentials.\n")
    }
}

extension GatewayConfiguration {
    /// Loads, and fails with what a person is to read.
    static func loadForPerson(
        directory: String, runDirectory: String, credentials: Credentials
    ) throws(CommandFailure) -> GatewayConfiguration {
        do {
            return try load(directory: directory, runDirectory: runDirectory, credentials: credentials)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }
}
