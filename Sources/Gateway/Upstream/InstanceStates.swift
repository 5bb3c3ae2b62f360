import CLinux
import Synchronization

/// The states of all instances, on the control side: one object an address, kept over snapshots, and forgotten when the
/// address is in none any more. Who comes back after that is another.
final class InstanceStates: Sendable {
    /// What all loops know of the services themselves.
    let services = ServiceLoads()
    private let states = Mutex<[InstanceAddress: InstanceState]?>(nil)

    /// Those of the addresses of a new snapshot; all others are forgotten.
    /// - Parameters:
    ///   - joining: addresses whose instances are used when they have passed a check, where they are new.
    ///   - now: on the loops' clock.
    func keep(
        _ addresses: some Sequence<InstanceAddress>, joining: Set<InstanceAddress> = [],
        now: UInt64 = postern_monotonic_ns()
    ) -> [InstanceAddress: InstanceState] {
        states.withLock { states in
            var kept: [InstanceAddress: InstanceState] = [:]
            for address in addresses where kept[address] == nil {
                kept[address] =
                    states?[address]
                    // At the start nobody waits for a check, and nobody begins with less than the others.
                    ?? (states == nil
                        ? InstanceState() : InstanceState(isUp: !joining.contains(address), joinedAt: now))
            }
            states = kept
            return kept
        }
    }

    /// Forgets these: who comes next under their addresses is another.
    func forget(_ addresses: some Sequence<InstanceAddress>) {
        states.withLock { states in for address in addresses { states?[address] = nil } }
    }

    subscript(address: InstanceAddress) -> InstanceState? { states.withLock { $0?[address] } }
}
