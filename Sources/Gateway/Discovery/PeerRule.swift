import Shared
import Synchronization

/// Who may be at the other end of an instance's Unix socket (SO_PEERCRED, unix(7)): the file's owner says who made it,
/// this who listens. Immutable; shared by all loops.
final class PeerRule: Sendable {
    private let users: [UInt32]

    init(_ users: Set<UInt32>) { self.users = users.sorted() }

    /// Whether the peer of a connected socket is one of them. One that the kernel cannot name is not.
    func accepts(_ descriptor: Int32) -> (isAccepted: Bool, user: UInt32) {
        guard let peer = try? PeerCredentials(socket: descriptor) else { return (false, .max) }
        return (users.contains(peer.userID), peer.userID)
    }
}

/// What was refused because it was a foreign user's, over all loops; touched in the rare case alone.
final class ForeignSockets: Sendable {
    /// A connection whose peer was a foreign user.
    struct Peer: Sendable, Equatable {
        let address: InstanceAddress
        let user: UInt32
    }
    private let files = Atomic<UInt64>(0)
    private let peers = Atomic<UInt64>(0)
    /// Not yet told of; each instance once, and no more than a few.
    private let waiting = Mutex<[Peer]>([])
    private static let limit = 32

    func count(files count: Int) { files.add(UInt64(count), ordering: .relaxed) }

    func refuse(_ address: InstanceAddress, user: UInt32) {
        peers.add(1, ordering: .relaxed)
        let peer = Peer(address: address, user: user)
        waiting.withLock { if $0.count < Self.limit, !$0.contains(peer) { $0.append(peer) } }
    }

    /// Connections that were refused since the last call, by instance and user.
    func take() -> [Peer] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }

    func add(to tally: inout Tally) {
        tally.add("instances.refused", files.load(ordering: .relaxed))
        tally.add("instances.foreign_peers", peers.load(ordering: .relaxed))
    }
}
