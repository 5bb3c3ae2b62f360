import ArgumentParser
import FoundationEssentials
import Shared

struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the gateway, the auth service and the data service here, and stay until Ctrl-C.",
        discussion: """
            For development and the first minute; on a server, systemd does this. All processes have to be ready \
            before it says `ready` and where. If one of them ends, all end. Ctrl-C stops them in order: what was begun \
            is finished, for 15 seconds at most; a second Ctrl-C stops them at once.

              postern up --config deploy/tutorial
              postern up --config deploy/tutorial --listen 127.0.0.1:8080 --data 3

            The tutorial's secret is the environment variable JWT_SECRET_KEY; postern-auth alone gets it. Without the \
            variable, the tutorial's configuration gets a random secret, which is kept in the state folder.

            EXIT STATUS:
              0    stopped on request
              1    a process ended by itself, or the port is taken
              64   the command line is wrong
              78   the configuration is wrong
              a process that does not start lends its own exit status
            """)

    @OptionGroup var options: UpOptions

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let console = Console(environment: environment)
        let status = try UpRun(options: options, environment: environment, console: console).run()
        if status != .ok { throw ExitCode(status.rawValue) }
    }
}
