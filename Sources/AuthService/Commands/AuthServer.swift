import Logging
import Shared

/// From endpoints to a running process: event loops, listeners, readiness, drain.
struct AuthServer {
    /// The names of our sockets in a unit (`FileDescriptorName=`).
    static let loginListener = "login"
    static let verifyListener = "verify"

    let configuration: AuthConfiguration
    let endpoints: AuthEndpoints
    let revocations: RevocationFeed
    /// Fetches the keys of issuers; nil where none is on the web.
    let fetcher: IssuerKeyFetcher?
    /// Reads the keys again.
    let readKeys: () throws -> KeyRing
    let lifecycle: ProcessLifecycle
    let logger: Logger

    /// Serves until the process is told to stop, and has drained.
    func run() throws {
        // After the drain: logins that were accepted are answered.
        defer { endpoints.shutDown() }
        try revocations.start(onBeat: endpoints.sessions.tidy)
        defer { revocations.stop() }
        fetcher?.waitForFirst()
        defer { fetcher?.stop() }
        let listeners = [
            ServiceRunner.Listener(
                name: Self.loginListener, address: configuration.login, endpoints: endpoints.login),
            ServiceRunner.Listener(
                name: Self.verifyListener, address: configuration.verify, endpoints: endpoints.verify),
        ]
        // One loop: it only ever verifies, and the gateway asks about each token once.
        try ServiceRunner(name: "auth", listeners: listeners, threads: 1, lifecycle: lifecycle, logger: logger).run(
            onReload: {
                let ring = try readKeys()
                try endpoints.issuers.readFiles()
                fetcher?.fetchAgain()
                endpoints.keys.replace(ring)
                endpoints.revocations.announceAll()
                logger.info("the keys were read again", metadata: ["keys": "\(ring.keys)"])
            },
            // An event stream would hold the drain up until its time is over.
            onDrain: endpoints.revocations.endStreams,
            onCount: { [fetcher, endpoints] tally in
                endpoints.passwords.counters.count(in: &tally)
                endpoints.sessions.count(in: &tally)
                fetcher?.count(in: &tally)
            })
    }
}
