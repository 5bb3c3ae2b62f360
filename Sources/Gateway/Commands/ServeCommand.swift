import ArgumentParser
import CLinux
import Logging
import Shared

/// `postern-gateway [serve]`: configuration, sockets, loops, then the life of the process.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until SIGTERM (the default).")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var listening: ListenOptions

    func run() throws {
        let lifecycle = try runtime.prepareProcess()
        let logger = LoggingSetup.make(identifier: GatewayCommand.program)
        let directory = configuration.directory
        let runDirectory = runtime.runDirectory
        let credentialsFolder = runtime.credentials ?? SecretFile.credentialsDirectory
        var reloader = ConfigurationReloader(directory: directory, logger: logger) {
            // Credentials are read anew with every loading.
            let credentials = Credentials(folder: credentialsFolder, willRead: MemoryProtection.forbidCoreDumps)
            return try GatewayConfiguration.load(
                directory: directory, runDirectory: runDirectory, credentials: credentials)
        }
        let loaded = try reloader.first()
        let (sockets, control) = try openSockets(loaded.main, logger: logger)
        let process = try GatewayProcess(
            loaded, sockets: sockets, control: control, waker: lifecycle.waker, logger: logger, reloader: reloader)
        for socket in sockets {
            logger.info("listening", metadata: ["listener": "\(socket.address)", "name": "\(socket.name)"])
        }
        for warning in loaded.main.warnings(now: postern_realtime_s()) { logger.warning("\(warning)") }
        let reason = lifecycle.run(process, drainDeadline: loaded.main.drain, logger: logger)
        process.stop()
        for socket in sockets { socket.close() }
        guard reason != .deadlinePassed else {
            throw CommandFailure("requests were still under way when the time for draining was over")
        }
    }

    /// The listeners, and the control socket: a gateway that nobody has told where to be asked serves without one.
    private func openSockets(
        _ main: MainConfiguration, logger: Logger
    ) throws(CommandFailure) -> (sockets: [ListeningSocket], control: [ListeningSocket]) {
        var listeners = ListenConfiguration.requests(main.listen, instead: listening.listen)
        if let egress = main.egress {
            listeners.append(ListenerRequest(name: EgressApplication.listenerName, addresses: [egress.listen]))
        }
        let (sockets, control, failures) = try ListenerRequest.open(listeners, besides: main.control.requests)
        for socket in sockets where socket.name == EgressApplication.listenerName {
            guard case .unix = socket.address else {
                throw CommandFailure(
                    "systemd passed an egress socket that is no Unix socket (\(socket.address))",
                    mend: "Use ListenStream= with a path.", status: .configuration)
            }
        }
        guard let failure = failures.first else { return (sockets, control) }
        guard !main.control.isDemanded else {
            throw CommandFailure(failure.message, mend: failure.mend, status: .unavailable)
        }
        logger.warning(
            "no control socket: `postern reload` will find nobody", metadata: ["cause": "\(failure.message)"])
        return (sockets, control)
    }
}
