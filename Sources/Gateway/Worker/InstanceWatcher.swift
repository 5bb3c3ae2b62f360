import Logging
import Shared

/// Looks once a second whether instances came or went in the folders that services name.
final class InstanceWatcher {
    private let task: Task<Void, Never>

    init(_ workers: WorkerSet, logger: Logger, every interval: Duration = .seconds(1)) {
        task = Task.detached {
            while !Task.isCancelled {
                do { try await Task.sleep(for: interval) } catch { return }
                workers.reportHandshakes(to: logger)
                EjectionLog.ofProcess.report(to: logger)
                let (added, removed) = workers.refreshInstances()
                guard added + removed > 0 else { continue }
                logger.info("instances changed", metadata: ["added": "\(added)", "removed": "\(removed)"])
            }
        }
    }

    func stop() {
        task.cancel()
    }
}
