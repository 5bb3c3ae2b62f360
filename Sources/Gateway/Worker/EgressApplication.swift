import Shared

/// The egress socket on one loop: local services reach the routes of `egress/` there, over the same connections to
/// services that the loop has for its clients. What is public is not there, and the other way round.
final class EgressApplication: ServerApplication {
    /// The name of a socket that systemd passes (`FileDescriptorName=`).
    static let listenerName = "egress"

    private let worker: Worker

    init(_ worker: Worker) { self.worker = worker }

    func serverDidReceive(_ connection: ServerConnection) { worker.begin(connection, isEgress: true) }
    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) {
        worker.serverDidRefuse(connection, fault)
    }
    func serverDidClose(_ connection: ServerConnection) {}
    // Its requests are counted by the worker, once.
}

extension Exchange {
    /// Refuses a process of a user who may not ask here. A peer that the kernel cannot name is refused too.
    func admitPeer(_ connection: ServerConnection) throws(GatewayError) {
        guard let users = table.snapshot.egressUsers else { return }
        guard let peer = connection.peer, users.contains(peer.userID) else { throw .client(.forbidden) }
    }
}
