import CTLS

/// The keys that session tickets are sealed with, for all listeners and loops. They are in this process's memory alone,
/// and are replaced as time goes by: who takes one later opens no connection of before (RFC 8446 section 8.1).
final class TLSTickets: Sendable {
    let handle: postern_tls_tickets
    /// Those of this process; nil where it cannot have any.
    static let ofProcess = TLSTickets()
    /// A key is in use for so long and is then taken for twice as long: longer than a session lives (12 hours).
    static let period = Duration.seconds(6 * 3600)

    /// Nil where the system has no random bytes or no memory.
    init?() {
        handle = postern_tls_tickets_create()
        if handle == 0 { return nil }
    }

    deinit { postern_tls_tickets_destroy(handle) }

    /// Seals with a new key from now on, and takes those of the two before.
    @discardableResult
    func rotate() -> Bool { postern_tls_tickets_rotate(handle) }
}
