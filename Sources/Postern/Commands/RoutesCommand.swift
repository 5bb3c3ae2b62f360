import ArgumentParser
import Shared

struct RoutesCommand: DelegatedCommand {
    static let program = "postern-gateway"
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the routes in the order in which they match.",
        discussion: """
              postern routes
              postern routes --config deploy/tutorial

            \(ExitStatus.help)
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
}
