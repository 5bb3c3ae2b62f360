// Unsafe code: C fills in a number.
import CLinux

/// How many connections a process holds, in all and for one client; shared by its loops.
///
/// One lock, taken when a connection is accepted and when it is closed, never for a request: loops that counted for
/// themselves would each know but a part of what one client holds.
package final class ConnectionQuota: Sendable {
    /// A place that a connection takes, and gives back once.
    struct Place {
        /// Nil for a client without an address, which is counted in all alone.
        let client: UInt64?
    }

    /// Since the process began.
    package struct Refusals: Sendable, Equatable {
        /// Connections refused because there were as many as there may be.
        package var full: UInt64 = 0
        /// The same for one client.
        package var clientFull: UInt64 = 0
    }

    private struct State {
        var count = 0
        var clients: [UInt64: Int] = [:]
        var refusals = Refusals()
    }
    private let state = Guarded(State())
    private let limit: Int
    private let clientLimit: Int

    package init(_ limits: ServerLimits) {
        limit = limits.connections
        clientLimit = limits.connectionsPerClient
    }

    /// Connections that hold a place.
    package var count: Int { state.withLock { $0.count } }
    package var refusals: Refusals { state.withLock { $0.refusals } }

    /// A place for the connection behind `descriptor`; nil when there is none, which is counted.
    func take(_ descriptor: Int32) -> Place? {
        var network: UInt64 = 0
        let hasAddress = unsafe postern_peer_network(descriptor, &network) == 0
        return take(client: hasAddress ? network : nil)
    }

    func take(client: UInt64?) -> Place? {
        state.withLock { state in
            guard state.count < limit else {
                state.refusals.full &+= 1
                return nil
            }
            if let client {
                let held = state.clients[client, default: 0]
                guard held < clientLimit else {
                    state.refusals.clientFull &+= 1
                    return nil
                }
                state.clients[client] = held + 1
            }
            state.count += 1
            return Place(client: client)
        }
    }

    func give(_ place: Place) {
        state.withLock { state in
            state.count -= 1
            guard let client = place.client, let held = state.clients[client] else { return }
            // Who has left is forgotten: the table is no longer than there are connections.
            state.clients[client] = held > 1 ? held - 1 : nil
        }
    }
}
