import Logging
import Shared

/// The control socket: a loop of its own, so that it answers when the others are full or busy.
final class ControlServer: Sendable {
    /// The name of a socket that systemd passes (`FileDescriptorName=`).
    static let listenerName = "control"
    /// Connections; whoever may open the socket is the operator.
    private static let connectionLimit = 64

    private let group: ServerGroup
    private let sockets: [ListeningSocket]

    /// - Throws: `LoopError` when the thread or the loop cannot be made.
    init(
        _ sockets: [ListeningSocket], _ endpoints: ControlEndpoints, waker: Waker, logger: Logger
    ) throws {
        self.sockets = sockets
        var limits = ServerLimits()
        limits.connections = Self.connectionLimit
        let routes = try ServiceRoutes(endpoints.endpoints)
        group = try ServerGroup(
            name: "control", threads: 1, sockets: sockets, limits: limits, waker: waker, logger: logger
        ) { _ in
            { _ in ServiceApplication(routes: routes, bodyLimit: 1024) }
        }
    }

    func isMakingProgress() -> Bool { group.isMakingProgress() }

    func stop() {
        group.stop()
        for socket in sockets { socket.close() }
    }
}
