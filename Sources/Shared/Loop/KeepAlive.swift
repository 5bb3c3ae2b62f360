import CLinux

/// When the kernel asks whether a TCP peer is still there. A peer that has vanished without a word (its power, its
/// network) is found gone after `idle` and all the questions; one whose system is there and knows nothing of the
/// connection says so at the first.
struct KeepAlive {
    /// Seconds without a byte before the first question, and between questions.
    let idle: Int32
    let interval: Int32
    let count: Int32

    /// For every connection: a peer that has vanished is gone after two minutes.
    static let ordinary = KeepAlive(idle: 60, interval: 15, count: 4)
    /// For one that may have left: it has said that it sends no more.
    static let suspicious = KeepAlive(idle: 10, interval: 10, count: 6)

    /// Does nothing on a Unix socket, whose end is known at once.
    @discardableResult
    func apply(to descriptor: Int32) -> Bool {
        postern_set_keepalive(descriptor, idle, interval, count) == 0
    }
}
