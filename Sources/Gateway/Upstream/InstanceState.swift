import Synchronization

/// What all loops, and the control side, know of one instance. Read in the choice between instances and written as they
/// are used, by relaxed atomic operations alone: no snapshot is made anew because an instance went down.
final class InstanceState: Sendable {
    private static let downBit: UInt32 = 1
    private static let drainingBit: UInt32 = 2
    private static let joiningBit: UInt32 = 4
    private static let releasedBit: UInt32 = 16
    /// Exchanges under way, in the lower bits of `load`; those begun above them.
    private static let inFlightBits: UInt64 = 24

    private let flags: Atomic<UInt32>
    private let load = Atomic<UInt64>(0)
    private let failures = Atomic<UInt64>(0)
    private let joined = Atomic<UInt64>(0)
    // Of ejection: faults one after the other, until when it is out, how often in a row it was.
    private let faults = Atomic<Int>(0)
    private let ejection = Atomic<UInt64>(0)
    private let ejectionStep = Atomic<Int>(0)
    /// Times to the first byte since they were last looked at, and how many.
    private let latencySum = Atomic<UInt64>(0)
    private let latencyCount = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - isUp: false for one that joins when it has passed its first check.
    ///   - joinedAt: nanoseconds on the loops' clock; 0 for one that was there from the beginning.
    init(isUp: Bool = true, joinedAt: UInt64 = 0) {
        joined.store(joinedAt, ordering: .relaxed)
        flags = Atomic(isUp ? 0 : Self.downBit | Self.joiningBit)
    }

    /// False while active checks fail, and until the first check of an instance that has joined a service with `health`.
    var isUp: Bool {
        get { flags.load(ordering: .relaxed) & Self.downBit == 0 }
        set(isUp) {
            if isUp {
                flags.bitwiseAnd(~(Self.downBit | Self.joiningBit), ordering: .relaxed)
            } else {
                flags.bitwiseOr(Self.downBit, ordering: .relaxed)
            }
        }
    }

    /// It has not passed its first check yet.
    var isJoining: Bool { flags.load(ordering: .relaxed) & Self.joiningBit != 0 }

    /// The operator has taken it out: it ends what it has.
    var isDraining: Bool {
        get { flags.load(ordering: .relaxed) & Self.drainingBit != 0 }
        set(isDraining) {
            if isDraining {
                flags.bitwiseOr(Self.drainingBit, ordering: .relaxed)
            } else {
                flags.bitwiseAnd(~Self.drainingBit, ordering: .relaxed)
            }
        }
    }

    /// Its connections are let go of, so that its process can be stopped: it is asked all the same, for systemd holds its
    /// socket and starts it again.
    var isReleased: Bool {
        get { flags.load(ordering: .relaxed) & Self.releasedBit != 0 }
        set(isReleased) {
            if isReleased {
                flags.bitwiseOr(Self.releasedBit, ordering: .relaxed)
            } else {
                flags.bitwiseAnd(~Self.releasedBit, ordering: .relaxed)
            }
        }
    }

    /// Whether a connection may be kept for the next request.
    @inline(__always) var keepsConnections: Bool {
        flags.load(ordering: .relaxed) & (Self.drainingBit | Self.releasedBit) == 0
    }

    /// Whether requests may go to it: up, and not draining.
    @inline(__always) var isOpen: Bool {
        flags.load(ordering: .relaxed) & (Self.downBit | Self.drainingBit) == 0
    }

    /// Exchanges under way on all loops, connections that do not stand yet included.
    var inFlight: Int { Int(load.load(ordering: .relaxed) & (1 << Self.inFlightBits - 1)) }

    /// Exchanges begun on all loops, those that were tried again each time.
    var requests: UInt64 { load.load(ordering: .relaxed) >> Self.inFlightBits }

    /// Those that failed, or were answered with 5xx.
    var errors: UInt64 { failures.load(ordering: .relaxed) }

    /// An exchange begins: both numbers in one operation.
    @inline(__always) func begin() {
        load.wrappingAdd(1 << Self.inFlightBits | 1, ordering: .relaxed)
    }

    @inline(__always) func end() {
        load.wrappingSubtract(1, ordering: .relaxed)
    }

    func countError() {
        failures.wrappingAdd(1, ordering: .relaxed)
    }

    // MARK: Its share

    /// When it joined, or came back; 0 for one that was there from the beginning.
    var joinedAt: UInt64 {
        get { joined.load(ordering: .relaxed) }
        set(joinedAt) { joined.store(joinedAt, ordering: .relaxed) }
    }

    /// Since when it has been in use: what `slow_start` counts from.
    var start: UInt64 { max(joinedAt, ejectedUntil) }

    // MARK: Ejection

    /// Until when it is passed over, on the loops' clock; what has passed is the end of the last time.
    var ejectedUntil: UInt64 { ejection.load(ordering: .relaxed) }

    @inline(__always) func isEjected(_ now: UInt64) -> Bool { ejection.load(ordering: .relaxed) > now }

    /// How often in a row it was ejected; see `EjectionRule.next`.
    var ejections: Int { ejectionStep.load(ordering: .relaxed) }

    func eject(until end: UInt64, step: Int) {
        ejectionStep.store(step, ordering: .relaxed)
        ejection.store(end, ordering: .relaxed)
    }

    /// Counts a fault; returns how many came one after the other.
    func countFault() -> Int {
        faults.wrappingAdd(1, ordering: .relaxed).newValue
    }

    @inline(__always) func clearFaults() {
        if faults.load(ordering: .relaxed) != 0 { faults.store(0, ordering: .relaxed) }
    }

    func note(latency: UInt64) {
        latencySum.wrappingAdd(latency, ordering: .relaxed)
        latencyCount.wrappingAdd(1, ordering: .relaxed)
    }

    /// The mean of the times since the last call, in nanoseconds; nil where they are fewer than `samples`.
    func takeMeanLatency(of samples: UInt64) -> UInt64? {
        let sum = latencySum.exchange(0, ordering: .relaxed)
        let count = latencyCount.exchange(0, ordering: .relaxed)
        return count >= samples ? sum / count : nil
    }
}
