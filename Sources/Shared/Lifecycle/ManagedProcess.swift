package import Logging

/// What a process gives the ``ProcessLifecycle`` that runs it. All of it is called on the main thread.
package protocol ManagedProcess {
    /// Reads the configuration again and takes it into use; on an error what runs stays as it is. An error with
    /// several problems is a ``ConfigurationError``. Has to return within half of the watchdog's interval.
    func reload() throws
    /// Whether somebody other than a signal has asked for ``reload()``. The process calls ``Waker/wake()`` when this
    /// becomes true.
    var wantsReload: Bool { get }
    /// Stops taking new work, and goes on with what it has. Returns at once; called once.
    func beginDrain()
    /// Whether no work is left after ``beginDrain()``. The process calls ``Waker/wake()`` when this becomes true.
    var isDrained: Bool { get }
    /// Whether every event loop has turned since the last call. Asked at half of the watchdog's interval, and more
    /// often after a no. No sign of life is given while the answer is no, so that systemd ends a process that hangs.
    func isMakingProgress() -> Bool
    /// Writes what it has counted to the log, in a line of its own, now or soon.
    func report(to logger: Logger)
    /// One line for `systemctl status`: what is served, and how much is left while draining.
    var statusLine: String { get }
}

extension ManagedProcess {
    package var wantsReload: Bool { false }
    package func report(to logger: Logger) { logger.info("counters", metadata: ["status": "\(statusLine)"]) }
}
