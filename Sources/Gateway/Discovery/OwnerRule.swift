import Glibc

/// Whose sockets are taken for instances of a service: who owns the file, and who listens on it. Whoever can put a socket
/// into a folder would else be sent requests, with the names of users in them.
///
/// Root may do anything anyway, and a socket that systemd holds is root's: it is always in the set.
enum OwnerRule: Sendable, Hashable {
    /// Root, the gateway's own user, and the owner of the socket's folder.
    case standard
    /// Those that `owner` of the service's file names, and root.
    case users(Set<UInt32>)

    /// The users in question for sockets in a folder of that owner.
    func users(folderOwner: UInt32, ownUser: UInt32 = geteuid()) -> Set<UInt32> {
        switch self {
        case .standard: [0, ownUser, folderOwner]
        case .users(let users): users.union([0])
        }
    }
}
