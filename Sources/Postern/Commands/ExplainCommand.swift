import ArgumentParser
import Shared

struct ExplainCommand: DelegatedCommand {
    static let program = "postern-gateway"
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what the gateway does with a request, without sending it.",
        discussion: """
            Names the route file, the service, whether a token is needed, what is sent upstream, and for every \
            setting of the route the file and line that it comes from (its own, a _defaults.yaml, the service's). \
            Nothing needs to run: the gateway's own router answers, from the files. Credentials are not read: they \
            show as {credential:NAME}. A request that no service would get ends with status 1.

              postern explain GET /api/users/1
              postern explain --host api.example GET /users
              postern explain --config deploy/tutorial POST http://127.0.0.1:3000/api/auth

            \(ExitStatus.help)
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var request: ExplainArguments
}
