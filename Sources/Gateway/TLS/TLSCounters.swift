import Shared

/// What one loop has seen of handshakes with clients. Touched on the loop alone.
final class TLSCounters {
    /// Handshakes that were done, and those of them that resumed a session.
    private(set) var handshakes: UInt64 = 0
    private(set) var resumed: UInt64 = 0
    private(set) var failures: [TLSFault: UInt64] = [:]

    func count(_ fault: TLSFault?, wasResumed: Bool) {
        if let fault {
            failures[fault, default: 0] &+= 1
        } else {
            handshakes &+= 1
            if wasResumed { resumed &+= 1 }
        }
    }

    /// By the names under which an operator meets them.
    func add(to tally: inout Tally) {
        tally.add("tls.handshakes", handshakes)
        tally.add("tls.resumed", resumed)
        for fault in TLSFault.allCases { tally.add("tls.failed.\(fault.name)", failures[fault] ?? 0) }
    }
}
