import ArgumentParser
import CLinux
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
        let issuers = try setup.issuers()
        let log = LoginLog(logger)
        let store = try setup.store()
        let endpoints: AuthEndpoints
        let feed: RevocationFeed
        do {
            // Before the first question: what was revoked stays revoked over a restart.
            let known = try store.revocations(after: 0, now: postern_realtime_s())
            let live = LiveRevocations(known.new)
            feed = try RevocationFeed(store: store, live: live, last: known.last) { error in
                logger.error("revocations cannot be read", metadata: ["cause": "\(error)"])
            }
            endpoints = try AuthEndpoints(
                configuration: setup.configuration, keys: keys, store: store, revocations: live,
                issuers: issuers, forwarding: try setup.forwarding(), announce: feed.take, notify: log.note,
                reused: { logger.log($0) })
        } catch let failure as WorkerThread.Failure {
            throw CommandFailure("\(failure)", status: .systemError)
        } catch let failure as StoreWatch.Failure {
            throw CommandFailure("\(failure)", status: .systemError)
        } catch let error as AccountStoreError {
            throw CommandFailure(account: error)
        }
        let fetcher = try setup.fetcher(issuers, logger: logger, keysAreGone: endpoints.revocations.announceAll)
        try AuthServer(
            configuration: setup.configuration, endpoints: endpoints, revocations: feed, fetcher: fetcher,
            readKeys: setup.readKeys, lifecycle: lifecycle, logger: logger
        ).run()
    }
}

extension Logger {
    /// Whoever reads this may want to know where the user's other token is.
    fileprivate func log(_ reuse: SessionReuse) {
        warning(
            "a refresh token was used twice: its session was ended",
            metadata: ["session.user": "\(reuse.user)", "session.id": "\(reuse.session)"])
    }
}
