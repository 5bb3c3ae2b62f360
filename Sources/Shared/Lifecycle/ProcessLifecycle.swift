import CLinux
import Glibc
package import Logging

/// The main thread's part in every process: signals in, notification to systemd, reload, drain, end.
///
/// Event loops run on threads of their own; the main thread waits here and does the control work.
package struct ProcessLifecycle: Sendable {
    private let signals: OwnedDescriptor
    private let event: OwnedDescriptor
    /// The limit of open descriptors in force (RLIMIT_NOFILE), raised to what the system allows.
    package let descriptorLimit: UInt64

    /// For other threads: looks at the process again, see ``ManagedProcess/isDrained``.
    package var waker: Waker { Waker(event: event) }

    private static let handled = [SIGHUP, SIGTERM, SIGINT, SIGUSR1]

    /// Makes the process ready for its life. To be called first thing in main, on the main thread and before another
    /// thread is started: SIGHUP, SIGTERM, SIGINT and SIGUSR1 are blocked in this thread and in those that it starts, and
    /// wait until ``run(_:drainDeadline:notifier:logger:)`` reads them. SIGPIPE is ignored.
    ///
    /// A program that starts children unblocks the signals in them (``handledSignals``).
    package static func prepare() throws(SystemError) -> ProcessLifecycle {
        let signals = unsafe postern_signalfd(handled, Int32(handled.count))
        guard signals >= 0 else { throw .last("signalfd") }
        let ownedSignals = OwnedDescriptor(signals)
        let event = postern_eventfd()
        guard event >= 0 else { throw .last("eventfd") }
        guard postern_ignore_sigpipe() == 0 else { throw .last("signal(SIGPIPE)") }
        return ProcessLifecycle(
            signals: ownedSignals, event: OwnedDescriptor(event), descriptorLimit: postern_raise_descriptor_limit())
    }

    /// The signals that ``prepare()`` blocks; a child inherits the block unless its parent takes it away.
    package static var handledSignals: [Int32] { handled }

    /// Runs a process whose start-up is over until it is told to stop. Blocks the calling thread, which has to be
    /// the one that called ``prepare()``.
    ///
    /// - SIGHUP reloads; a reload that fails is logged problem by problem and shown in the status.
    /// - SIGTERM or SIGINT drains; a second one, or `drainDeadline`, ends the drain. systemd is asked for that time.
    /// - SIGUSR1 has the process write its counters to the log.
    /// - The manager's watchdog is answered while the process makes progress.
    package func run(
        _ process: any ManagedProcess, drainDeadline: Duration = .seconds(30),
        notifier: ServiceNotifier = ServiceNotifier(), logger: Logger
    ) -> ExitReason {
        var loop = ControlLoop(
            process: process, drainDeadline: drainDeadline, notifier: notifier, logger: logger)
        if let reason = loop.start() { return reason }
        while true {
            wait(until: loop.nextDeadline)
            _ = postern_eventfd_drain(event.descriptor)
            var signal = postern_signalfd_read(signals.descriptor)
            while signal != 0 {
                if let reason = loop.received(signal: signal) { return reason }
                signal = postern_signalfd_read(signals.descriptor)
            }
            if let reason = loop.check() { return reason }
        }
    }

    private func wait(until deadline: Duration?) {
        var descriptors = [
            pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: event.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // An interrupted poll is one more turn of the loop.
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), ControlLoop.pollTimeout(until: deadline))
    }
}
