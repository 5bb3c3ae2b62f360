import ArgumentParser
import Logging
import Shared

/// `postern-auth [serve]`: configuration, keys, store, server, in this order, each with its own way to fail.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until SIGTERM (the default).")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions

    func run() throws {
        try AuthSetup.protectMemory()
        let lifecycle = try runtime.prepareProcess()
        let logger = LoggingSetup.make(identifier: AuthCommand.program)
        let setup = try AuthSetup(configuration, runtime)
        let keys = try setup.keys()
        let log = LoginFaultLog { logger.log($0) }
        let endpoints: AuthEndpoints
        do {
            endpoints = try AuthEndpoints(
                configuration: setup.configuration, keys: keys, store: try setup.store(), report: log.record)
        } catch let failure as WorkerThread.Failure {
            throw CommandFailure("\(failure)", status: .systemError)
        }
        try AuthServer(
            configuration: setup.configuration, endpoints: endpoints, readKeys: setup.readKeys, lifecycle: lifecycle,
            logger: logger
        ).run()
    }
}

extension Logger {
    fileprivate func log(_ event: LoginFaultLog.Event) {
        error(
            "logging in failed",
            metadata: ["login.fault": "\(event.fault)", "login.unlogged": "\(event.unlogged)"])
    }
}
