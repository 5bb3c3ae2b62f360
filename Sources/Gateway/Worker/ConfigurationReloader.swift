import Logging
import Shared

/// Reads the configuration again and hands it to the loops: all of it or nothing.
struct ConfigurationReloader {
    /// How long the main thread waits for the loops to take a configuration, which is a turn of each (milliseconds).
    private static let patience: Int32 = 2000

    private let directory: String
    private let load: () throws -> GatewayConfiguration
    private let logger: Logger
    /// Of the configuration in force.
    private var fingerprints: ConfigurationFingerprints
    /// What the process was started with.
    private var main: MainConfiguration?

    /// - Parameter load: reads the folder `directory`, and the credentials that it names.
    init(directory: String, logger: Logger, load: @escaping () throws -> GatewayConfiguration) {
        self.directory = directory
        self.load = load
        self.logger = logger
        fingerprints = ConfigurationFingerprints(directory: directory)
    }

    /// Reads the configuration that the process starts with; a failure is what a person is to read.
    mutating func first() throws(CommandFailure) -> GatewayConfiguration {
        do {
            var configuration = try load()
            try configuration.lookUpUsers()
            main = configuration.main
            return configuration
        } catch let error as ConfigurationError {
            throw CommandFailure(configuration: error)
        } catch {
            throw CommandFailure("the configuration cannot be read: \(error)")
        }
    }

    /// Returns when each loop works by the new configuration.
    /// - Throws: `ConfigurationError`; then everything is as it was.
    mutating func reload(_ workers: WorkerSet) throws -> ReloadReport {
        // Before the files are read: one that is written in between is then told of twice, and never forgotten.
        let fingerprints = ConfigurationFingerprints(directory: directory)
        var configuration = try load()
        try configuration.lookUpUsers()
        let arrival = workers.install(configuration)
        workers.note(problems: 0)
        var report = ReloadReport()
        (report.added, report.changed, report.removed) = fingerprints.changes(since: self.fingerprints)
        self.fingerprints = fingerprints
        report.directory = directory
        (report.routes, report.instances) = workers.size
        report.services = configuration.services.count
        report.waiting = main.map(configuration.main.keysForRestart) ?? []
        if !report.waiting.isEmpty {
            logger.warning(
                "changes wait for a restart", metadata: ["keys": "\(report.waiting.joined(separator: ", "))"])
        }
        report.isEverywhere = arrival.wait(atMost: Self.patience)
        if !report.isEverywhere { logger.warning("a loop is busy and has not taken the new configuration yet") }
        return report
    }
}
