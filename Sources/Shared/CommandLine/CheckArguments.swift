package import ArgumentParser

/// `DIR` of `check`: the configuration that is to be looked at, without a running system and without touching sockets.
package struct CheckArguments: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp("The folder that holds the configuration.", valueName: "dir"), completion: .directory)
    package var directory: String = ConfigurationOptions.defaultDirectory

    @Option(
        name: .customLong("credentials"),
        help: ArgumentHelp(
            "The folder of secrets, a file each (default: $CREDENTIALS_DIRECTORY). Without one they are not looked at.",
            valueName: "dir"),
        completion: .directory)
    package var credentials: String?

    package init() {}

    package func validate() throws {
        if credentials?.isEmpty == true { throw ValidationError("--credentials is empty. Name a folder.") }
    }
}
