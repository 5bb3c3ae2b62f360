import ArgumentParser
import Shared

struct AutoscaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autoscale",
        abstract: "Keep services with `scale` at as many instances as they need, until SIGTERM.",
        discussion: """
            What postern-autoscale.service runs, as root and without a network: it asks the gateway's control socket \
            each second, and has systemd start and stop instances. Services without `scale` in their file are left \
            alone.

              systemctl enable --now postern-autoscale.service

            \(ExitStatus.help)
            """)

    @OptionGroup var gateway: GatewayOptions

    func run() throws {
        let lifecycle: ProcessLifecycle
        do throws(SystemError) {
            lifecycle = try ProcessLifecycle.prepare()
        } catch {
            throw CommandFailure("the process cannot be set up: \(error)", status: .systemError)
        }
        let logger = LoggingSetup.make(identifier: "postern-autoscale")
        let process = try AutoscaleProcess(gateway.control(), waker: lifecycle.waker, logger: logger)
        _ = lifecycle.run(process, logger: logger)
        process.stop()
    }
}
