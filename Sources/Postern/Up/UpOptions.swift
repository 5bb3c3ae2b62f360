import ArgumentParser
import Shared

/// The arguments of `postern up`, as its help shows them.
struct UpOptions: ParsableArguments {
    static let mostDataInstances = 64

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var listening: ListenOptions

    @Option(help: ArgumentHelp("How many instances of the data service to start.", valueName: "n"))
    var data = 1

    @Option(
        help: ArgumentHelp(
            """
            The folder for stores, sockets and the demo's secret (default: $XDG_STATE_HOME/postern, else \
            ~/.local/state/postern).
            """,
            valueName: "dir"),
        completion: .directory)
    var state: String?

    func validate() throws {
        guard (1...Self.mostDataInstances).contains(data) else {
            throw ValidationError("--data is a number from 1 to \(Self.mostDataInstances).")
        }
        if state?.isEmpty == true { throw ValidationError("--state is empty. Name a folder.") }
    }
}
