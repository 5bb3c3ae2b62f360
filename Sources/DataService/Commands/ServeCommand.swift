import ArgumentParser
import Logging
import Shared

/// `postern-data [serve]`: configuration, store, server, in this order, each with its own way to fail.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve until SIGTERM (the default).")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let lifecycle = try runtime.prepareProcess()
        let context = DataConfiguration.Context(
            runDirectory: runtime.runDirectory, stateDirectory: runtime.stateDirectory, instance: instance.name)
        let logger = LoggingSetup.make(identifier: DataCommand.program)
        let settings: DataConfiguration
        let policy: PeerPolicy
        do {
            settings = try DataConfiguration.load(from: configuration.directory, context: context)
            policy = PeerPolicy(allowedUsers: try AllowedUser.resolve(settings.allowedUsers))
        } catch {
            throw CommandFailure(configuration: error)
        }
        let store: DataStore
        do {
            store = try DataStore(path: settings.store, seed: settings.seed)
        } catch {
            throw CommandFailure(error.description, status: .systemError)
        }
        let api = TutorialAPI(store: store, log: StoreLog { logger.log($0) })
        try DataServer(
            listen: settings.listen, endpoints: policy.guarding(api.endpoints), lifecycle: lifecycle, logger: logger
        ).run()
    }
}

extension Logger {
    fileprivate func log(_ event: StoreLog.Event) {
        switch event {
        case .failed(let failure):
            error(
                "the store failed",
                metadata: ["store.path": "\(failure.path)", "store.failure": "\(failure)"])
        case .recovered:
            notice("the store answers again")
        }
    }
}
