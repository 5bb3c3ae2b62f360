import CLinux
import Shared
import Synchronization

/// The listeners that speak TLS, by the names of their sockets, with what they are secured with at present. A handshake
/// uses what there is when it begins; connections that stand keep theirs.
final class TLSListeners: Sendable {
    /// One listener's present state.
    struct Listener: Sendable {
        let configuration: TLSListenConfiguration
        let server: TLSServer
    }

    private struct State {
        var listeners: [String: Listener] = [:]
        var stamps: [FileStamp] = []
    }
    private let state: Mutex<State>

    init(_ listeners: [String: Listener]) {
        state = Mutex(State(listeners: listeners, stamps: Self.stamps(of: listeners)))
    }

    var isEmpty: Bool { state.withLock { $0.listeners.isEmpty } }

    subscript(name: String) -> Listener? { state.withLock { $0.listeners[name] } }

    /// Puts what a reload has read in force; a listener that was not there at the start waits for a restart.
    func install(_ listeners: [String: Listener]) {
        state.withLock { state in
            for (name, listener) in listeners where state.listeners[name] != nil { state.listeners[name] = listener }
            state.stamps = Self.stamps(of: state.listeners)
        }
    }

    /// Looks whether files have changed, and reads them again then. Nil when nothing changed; else what is wrong with
    /// them, in which case all stays as it is.
    func refresh(tickets: TLSTickets) -> [ConfigurationProblem]? {
        let (listeners, known) = state.withLock { ($0.listeners, $0.stamps) }
        let stamps = Self.stamps(of: listeners)
        guard stamps != known else { return nil }
        let problems = ConfigurationProblems()
        var read: [String: Listener] = [:]
        for (name, listener) in listeners {
            guard let server = listener.configuration.load(tickets: tickets, problems: problems) else { continue }
            read[name] = Listener(configuration: listener.configuration, server: server)
        }
        state.withLock { state in
            // What changes while it is read is read again.
            state.stamps = stamps
            guard problems.isEmpty else { return }
            for (name, listener) in read where state.listeners[name] != nil { state.listeners[name] = listener }
        }
        return problems.found
    }

    private static func stamps(of listeners: [String: Listener]) -> [FileStamp] {
        listeners.sorted { $0.key < $1.key }.flatMap { $0.value.configuration.files }.map { FileStamp($0.path ?? "") }
    }

    /// What is no error yet.
    var warnings: [String] {
        let listeners = state.withLock { $0.listeners }
        return listeners.sorted { $0.key < $1.key }.flatMap {
            $0.value.configuration.warnings($0.value.server, now: postern_realtime_s())
        }
    }
}
