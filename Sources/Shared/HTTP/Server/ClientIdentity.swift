// Unsafe code: C fills in a number.
import CLinux

/// Who a client is where its requests are counted: one IPv4 address, one IPv6 network of 64 bits, of which one host
/// has all the rest, or one user of this machine who comes over a Unix socket.
package struct ClientIdentity: Sendable, Equatable {
    /// Keeps the kinds apart: a network may be the same number as a user.
    package let kind: UInt64
    package let value: UInt64

    /// The client at the other end of a connected socket.
    init(_ descriptor: Int32) {
        var network: UInt64 = 0
        if unsafe postern_peer_network(descriptor, &network) == 0 {
            self.init(network: network)
        } else {
            // A peer that the kernel cannot name is nobody, as all of its kind.
            self.init(user: (try? PeerCredentials(socket: descriptor))?.userID ?? .max)
        }
    }

    package init(network: UInt64) {
        kind = 0
        value = network
    }

    package init(user: UInt32) {
        kind = 1
        value = UInt64(user)
    }
}
