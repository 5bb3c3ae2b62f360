import Shared
import Synchronization

/// How the instances of a service are spoken to with TLS: who they must be, and who we are. Two services share
/// connections only where all of it is the same.
final class UpstreamTLS: Sendable {
    struct Settings: Sendable, Equatable {
        /// PEM; the system's authorities without it.
        var authorities: [UInt8]?
        var identity: TLSIdentity?
        var minimumVersion = TLSVersion.tls12
    }
    /// The name, or numeric address, that certificates must be for.
    let serverName: String
    private let settings: Settings
    private let client: TLSClient
    let failures = HandshakeFailures()

    init(serverName: String, _ settings: Settings) throws(TLSMaterialError) {
        self.serverName = serverName
        self.settings = settings
        client = try TLSClient(
            serverName: serverName, authorities: settings.authorities, identity: settings.identity,
            minimumVersion: settings.minimumVersion)
    }

    /// What secures one new connection to `address`.
    func makeSecurity(_ address: String) -> TLSSession {
        client.makeSecurity { [failures] session, fault in
            guard let fault else { return true }
            // Why is for the operator; a client reads nothing of it.
            failures.note(fault, session.problem, address)
            return false
        }
    }
}

extension UpstreamTLS: Hashable {
    static func == (one: UpstreamTLS, other: UpstreamTLS) -> Bool {
        one === other || one.serverName == other.serverName && one.settings == other.settings
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(serverName)
    }
}

/// Handshakes with a service's instances that failed. Noted by the loops, told by the control side once in a while.
final class HandshakeFailures: Sendable {
    struct Report: Sendable, Equatable {
        var count: UInt64 = 0
        /// Of the last one.
        var reason = ""
        var address = ""
    }
    private struct State {
        var report = Report()
        var toldAt: ContinuousClock.Instant?
    }
    private let state = Mutex(State())

    /// Between two reports.
    static let pause: Duration = .seconds(60)

    func note(_ fault: TLSFault, _ problem: String, _ address: String) {
        state.withLock { state in
            state.report.count &+= 1
            state.report.reason = problem.isEmpty ? fault.name : "\(fault.name): \(problem)"
            state.report.address = address
        }
    }

    /// What came since the last report; nil where there is nothing to tell, or something was told a moment ago.
    func take(now: ContinuousClock.Instant) -> Report? {
        state.withLock { state in
            guard state.report.count > 0 else { return nil }
            if let toldAt = state.toldAt, toldAt.duration(to: now) < Self.pause { return nil }
            state.toldAt = now
            defer { state.report = Report() }
            return state.report
        }
    }
}
