/// Why a process ended after it was told to stop.
package enum ExitReason: String, Sendable {
    /// All work that it had taken on is done.
    case drained
    /// The drain deadline passed with work left, which was cut off.
    case deadlinePassed = "deadline passed"
    /// A second SIGTERM or SIGINT cut the drain short.
    case stoppedAtOnce = "stopped at once"
}
