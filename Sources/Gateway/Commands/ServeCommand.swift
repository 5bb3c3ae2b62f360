import ArgumentParser
import Logging
import Shared

/// `postern-gateway [serve]`: configuration, sockets, loops, then the life of the process.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until SIGTERM (the default).")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var listening: ListenOptions

    /// The name of our sockets in a unit (`FileDescriptorName=`).
    static let listenerName = "http"

    func run() throws {
        let lifecycle = try runtime.prepareProcess()
        let logger = LoggingSetup.make(identifier: GatewayCommand.program)
        let directory = configuration.directory
        let runDirectory = runtime.runDirectory
        let credentialsFolder = runtime.credentials ?? SecretFile.credentialsDirectory
        // Read anew with every loading.
        let credentials = {
            Credentials(folder: credentialsFolder, willRead: MemoryProtection.forbidCoreDumps)
        }
        let loaded = try GatewayConfiguration.loadForPerson(
            directory: directory, runDirectory: runDirectory, credentials: credentials())
        let sockets = try ListenerRequest.open([
            ListenerRequest(name: Self.listenerName, addresses: listening.listen.map { [$0] } ?? loaded.main.listen)
        ])
        let process = try GatewayProcess(loaded, sockets: sockets, waker: lifecycle.waker, logger: logger) {
            try GatewayConfiguration.load(
                directory: directory, runDirectory: runDirectory, credentials: credentials())
        }
        for socket in sockets { logger.info("listening", metadata: ["listener": "\(socket.address)"]) }
        let reason = lifecycle.run(process, drainDeadline: loaded.main.drain, logger: logger)
        process.stop()
        for socket in sockets { socket.close() }
        guard reason != .deadlinePassed else {
            throw CommandFailure("requests were still under way when the time for draining was over")
        }
    }
}
