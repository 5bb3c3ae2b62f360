import CLinux
import Logging

/// One loop's listeners and connections.
final class ServerLoop {
    private let loop: EventLoop
    private let shared: ServerLoopHandle
    private let logger: Logger
    private var contexts: [ServerContext] = []
    /// The contexts hold them unowned.
    private var applications: [any ServerApplication] = []
    private var listeners: [(listener: SocketListener, isPassed: Bool)] = []
    /// Connections turned away by listeners that are gone.
    private var turnedAway: UInt64 = 0
    private var drained: (@Sendable () -> Void)?
    /// Told of each connection that is refused for want of a place.
    private let refused: () -> Void
    private let failures: AcceptFailureLog

    init(
        loop: EventLoop, shared: ServerLoopHandle, logger: Logger, failures: AcceptFailureLog,
        refused: @escaping () -> Void
    ) {
        self.loop = loop
        self.shared = shared
        self.logger = logger
        self.failures = failures
        self.refused = refused
    }

    func listen(
        on sockets: [ListeningSocket], limits: ServerLimits, quota: ConnectionQuota,
        applications: ServerGroup.MakeApplication
    ) throws(LoopError) {
        var byName: [String: ServerContext] = [:]
        for socket in sockets {
            let context = byName[socket.name] ?? makeContext(socket.name, applications(socket.name), limits, quota)
            byName[socket.name] = context
            let isTCP = if case .tcp = socket.address { true } else { false }
            let listener = try SocketListener(loop: loop, descriptor: socket.descriptor) { [unowned self] descriptor in
                open(descriptor, isTCP: isTCP, in: context)
            } failed: { [logger, failures] error in
                failures.tell(error, socket.address, logger)
            }
            listeners.append((listener, socket.isPassed))
        }
    }

    private func makeContext(
        _ name: String, _ application: any ServerApplication, _ limits: ServerLimits, _ quota: ConnectionQuota
    ) -> ServerContext {
        // One that serves sockets of several names counts once.
        if !applications.contains(where: { $0 === application }) { applications.append(application) }
        let context = ServerContext(
            loop: loop, application: application, limits: limits, quota: quota)
        context.secure = (application as? any SecuringApplication)?.security(for: name)
        context.connectionClosed = { [unowned self] in connectionClosed() }
        contexts.append(context)
        return context
    }

    private func open(_ descriptor: Int32, isTCP: Bool, in context: ServerContext) {
        if isTCP { _ = postern_set_nodelay(descriptor) }
        do throws(LoopError) {
            guard try context.accept(descriptor) != nil else { return refused() }
            shared.count(1)
        } catch {
            logger.warning("cannot serve a connection", metadata: ["error": "\(error)"])
        }
    }

    private func connectionClosed() {
        shared.count(-1)
        tellIfDrained()
    }

    /// What this loop has counted.
    var tally: Tally {
        var tally = Tally()
        for application in applications { application.count(in: &tally) }
        for context in contexts { tally.add(context.limitHits) }
        tally.add("limits.descriptors", listeners.reduce(turnedAway) { $0 + $1.listener.turnedAway })
        return tally
    }

    /// A socket that systemd holds keeps its backlog for the next process; of our own nobody else would serve it.
    func beginDrain(_ stopped: @Sendable () -> Void, drained: @escaping @Sendable () -> Void) {
        self.drained = drained
        for (listener, isPassed) in listeners where !isPassed { listener.acceptWaiting() }
        stopListening()
        stopped()
        for context in contexts { context.drain() }
        tellIfDrained()
    }

    private func stopListening() {
        for (listener, _) in listeners {
            turnedAway += listener.turnedAway
            listener.stop()
        }
        listeners = []
    }

    /// Closes everything at once.
    func close() {
        stopListening()
        for context in contexts { context.closeAll() }
    }

    private func tellIfDrained() {
        guard let drained, contexts.allSatisfy({ $0.connections.isEmpty }) else { return }
        self.drained = nil
        drained()
    }
}
