import ArgumentParser
import Shared

struct ScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Show the instances of a service, or have so many of them run.",
        discussion: """
            The instances are those of a template of systemd: postern-NAME@.service, with postern-NAME@.socket where \
            there is one; `unit:` in services/NAME.yaml names another. New ones are started all at once, and it returns \
            when each has said that it is ready. Of those that are too many the highest numbers go: each is drained by \
            the gateway, then stopped, and no request is lost.

            So many are there after the next boot too, as if they had been enabled, unless --runtime is given.

              postern scale data
              postern scale data 4
              postern scale data 0 --runtime

            EXIT STATUS:
              0    so many run
              1    one did not start, or did not stop; the message says which
              64   the command line is wrong
              66   there is no such service, or no template of units for it
              69   there is no systemd here, or it does not answer
              77   this user may not start and stop units
            """)

    @Argument(help: ArgumentHelp("The service, as its file in services/ is called.", valueName: "name"))
    var service: String

    @Argument(help: ArgumentHelp("How many are to run, 0 to 999; without it, those that are there are shown."))
    var count: Int?

    @Flag(help: "Leave what is started at the next boot as it is.")
    var runtime = false

    @Option(help: ArgumentHelp("Seconds for all to be ready, and for one to drain.", valueName: "seconds"))
    var timeout = 60

    @Flag(help: "Show the instances as JSON.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    func validate() throws {
        // It becomes a part of a unit's name and of a path.
        let isName =
            !service.isEmpty && service.utf8.count <= 100
            && service.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || ".-_".utf8.contains(byte)
            }
        guard isName, !service.hasPrefix("."), !service.hasSuffix(".yaml") else {
            throw ValidationError("'\(service)' is no name of a service. Write for example: postern scale data 4")
        }
        if let count, !(0...999).contains(count) { throw ValidationError("The count is a number from 0 to 999.") }
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout is 1 to 3600 seconds.") }
        if runtime, count == nil { throw ValidationError("--runtime is for a count: postern scale data 4 --runtime") }
    }

    func run() throws {
        do {
            try ScaleRun(self).run()
        } catch let error as ServiceManagerError {
            throw error.failure
        }
    }
}
