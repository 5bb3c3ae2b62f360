import Logging
import Shared

/// Looks once a second whether files of certificates and keys have changed, and turns the tickets' keys.
final class TLSWatcher {
    private let task: Task<Void, Never>

    init(
        _ listeners: TLSListeners, tickets: TLSTickets, logger: Logger, every interval: Duration = .seconds(1),
        clock: ContinuousClock = ContinuousClock()
    ) {
        task = Task.detached {
            var rotated = clock.now
            while !Task.isCancelled {
                do { try await clock.sleep(for: interval) } catch { return }
                if clock.now - rotated >= TLSTickets.period {
                    rotated = clock.now
                    tickets.rotate()
                }
                guard let problems = listeners.refresh(tickets: tickets) else { continue }
                if problems.isEmpty {
                    logger.notice("certificates changed, new connections use them")
                }
                for problem in problems {
                    logger.error(
                        "changed certificates cannot be used, the former ones stay",
                        metadata: ["problem": "\(problem)"])
                }
                for warning in listeners.warnings { logger.warning("\(warning)") }
            }
        }
    }

    func stop() {
        task.cancel()
    }
}
