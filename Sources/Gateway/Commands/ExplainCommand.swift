import ArgumentParser
import Shared

/// `postern-gateway explain METHOD URL`: what would be done with a request, told by the code that does it.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what the gateway does with a request, without sending it.",
        discussion: """
            Every setting of the route is told with the file and line that it comes from. Credentials are not read: they \
            show as {credential:NAME}.
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var request: ExplainArguments

    func run() throws {
        let loaded = try GatewayConfiguration.loadForPerson(
            directory: configuration.directory, runDirectory: runtime.runDirectory, credentials: .unread())
        let explanation = Explanation(request, in: loaded)
        StandardStream.output.write(explanation.text)
        if !explanation.isServed { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}
