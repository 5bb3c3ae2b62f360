package import ArgumentParser

/// `DIR` of `check`: the configuration that is to be looked at, without a running system and without touching sockets.
package struct CheckArguments: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp("The folder that holds the configuration.", valueName: "dir"), completion: .directory)
    package var directory: String = ConfigurationOptions.defaultDirectory

    package init() {}
}
