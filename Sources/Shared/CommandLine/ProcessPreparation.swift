import FoundationEssentials
import Glibc

extension RuntimeOptions {
    /// What every process does before any thread is started: signals, an end when `postern up` ends, and files that
    /// are for nobody else (sockets get their mode when they are bound).
    package func prepareProcess() throws(CommandFailure) -> ProcessLifecycle {
        _ = umask(0o077)
        let lifecycle: ProcessLifecycle
        do {
            lifecycle = try ProcessLifecycle.prepare()
        } catch {
            throw CommandFailure("the process cannot be set up: \(error)", status: .systemError)
        }
        do {
            try armDieWithParent(environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure("\(error)", status: .systemError)
        }
        return lifecycle
    }
}

extension ListenerRequest {
    /// Opens what `requests` want as ``open(_:)`` does, and besides what the process can do without: where one of
    /// `others` cannot be had, that is told and no error.
    package static func open(
        _ requests: [ListenerRequest], besides others: [ListenerRequest]
    ) throws(CommandFailure) -> (sockets: [ListeningSocket], others: [ListeningSocket], failures: [ListenError]) {
        do {
            var passed = try PassedSockets.takeFromSystemd()
            var given = others.flatMap { passed.take(named: $0.name) }
            let sockets = try open(requests, passed: passed)
            var failures: [ListenError] = []
            for request in others where !given.contains(where: { $0.name == request.name }) {
                do throws(ListenError) {
                    given += try open([request], passed: PassedSockets())
                } catch {
                    failures.append(error)
                }
            }
            return (sockets, given, failures)
        } catch {
            throw CommandFailure(error.message, mend: error.mend, status: .unavailable)
        }
    }

    /// Opens what `requests` want, from systemd or ourselves; a failure is what a person is to read.
    package static func open(_ requests: [ListenerRequest]) throws(CommandFailure) -> [ListeningSocket] {
        do {
            return try open(requests, passed: PassedSockets.takeFromSystemd())
        } catch {
            throw CommandFailure(error.message, mend: error.mend, status: .unavailable)
        }
    }
}
