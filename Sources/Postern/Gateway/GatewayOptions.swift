import ArgumentParser
import Shared

/// Which gateway of this machine is asked.
struct GatewayOptions: ParsableArguments {
    private static let standardRun = "/run/postern"

    @OptionGroup var configuration: ConfigurationOptions

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The folder for sockets.", valueName: "dir"), completion: .directory)
    var runDirectory = Self.standardRun

    func validate() throws {
        if runDirectory.isEmpty { throw ValidationError("--run is empty. Name a folder.") }
    }

    /// Whether it is that of the units: another folder for sockets is another Postern than theirs.
    var isOfUnits: Bool { runDirectory == Self.standardRun }

    func control() throws(CommandFailure) -> GatewayControl {
        try GatewayControl(configuration: configuration.directory, runDirectory: runDirectory)
    }
}
