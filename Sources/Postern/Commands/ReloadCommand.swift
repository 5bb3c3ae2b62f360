import ArgumentParser
import Shared

struct ReloadCommand: DelegatedCommand {
    static let program = "postern-gateway"
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have the running gateway take the configuration into use.",
        discussion: """
            Checks the files first, then asks the gateway over its control socket, and returns when each of its threads \
            works by the new configuration. If something is wrong, all problems are said and what runs goes on.

              postern reload
              postern reload --config deploy/tutorial --run .build/tutorial/sockets

            EXIT STATUS:
              0    the gateway works by the new configuration
              64   the command line is wrong
              69   no gateway runs here, or it does not answer
              77   the control socket is another user's
              78   the configuration is wrong; what runs has stayed as it was
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
}
