import ArgumentParser
import Shared

struct ExplainCommand: DelegatedCommand {
    static let program = "postern-gateway"
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what the gateway does with a request, without sending it.",
        discussion: """
            Names the route file, the service, whether a token is needed, and what is sent upstream. Nothing needs to \
            run: the gateway's own router answers, from the files. A request that no service would get ends with \
            status 1.

              postern explain GET /api/users/1
              postern explain --config deploy/tutorial POST http://127.0.0.1:3000/api/auth

            \(ExitStatus.help)
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var request: ExplainArguments
}
