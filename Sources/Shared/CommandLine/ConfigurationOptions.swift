package import ArgumentParser

/// Where the configuration is: `--config DIR`, the same for every program.
package struct ConfigurationOptions: ParsableArguments, Sendable {
    package static let defaultDirectory = "/etc/postern"

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("The folder that holds the configuration.", valueName: "dir"),
        completion: .directory)
    package var directory: String = Self.defaultDirectory

    package init() {}

    package func validate() throws {
        if directory.isEmpty {
            throw ValidationError("--config is empty. Name the folder that holds the configuration.")
        }
    }
}
