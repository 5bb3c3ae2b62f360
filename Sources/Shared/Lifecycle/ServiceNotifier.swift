import CSystemd

/// Tells the service manager how this process fares (sd_notify(3)).
///
/// Where no manager listens (`$NOTIFY_SOCKET` is unset) every message is a success that does nothing.
package struct ServiceNotifier: Sendable {
    /// The interval within which the manager wants a sign of life (`WatchdogSec=`); nil for no watchdog.
    package let watchdogInterval: Duration?
    private let send: @Sendable (_ state: String) -> Int32

    /// The manager that started this process, if one did.
    package init() {
        let usec = postern_systemd_watchdog_usec()
        self.init(watchdogInterval: usec == 0 ? nil : .microseconds(Int64(clamping: usec))) { state in
            unsafe postern_systemd_notify(state)
        }
    }

    /// A notifier that gives its messages to `send`, which returns 1 (sent), 0 (nobody listens) or a negative errno.
    package init(watchdogInterval: Duration?, send: @escaping @Sendable (_ state: String) -> Int32) {
        self.watchdogInterval = watchdogInterval
        self.send = send
    }

    /// Whether a manager listens.
    package static var isSupervised: Bool { postern_systemd_is_supervised() }

    /// Start-up, or a reload, has finished. `status` is one line for `systemctl status`.
    package func ready(status: String) throws(SystemError) {
        try notify("READY=1\nSTATUS=\(Self.oneLine(status))")
    }

    /// A reload begins. `monotonic` is CLOCK_MONOTONIC now, by which the manager tells this reload from an earlier one.
    package func reloading(monotonic: Duration) throws(SystemError) {
        try notify("RELOADING=1\nMONOTONIC_USEC=\(monotonic.wholeMicroseconds)")
    }

    /// The process is going down, and asks for up to `limit` to do so (`EXTEND_TIMEOUT_USEC`).
    package func stopping(status: String, limit: Duration) throws(SystemError) {
        let limit = limit.wholeMicroseconds
        try notify("STOPPING=1\nEXTEND_TIMEOUT_USEC=\(limit)\nSTATUS=\(Self.oneLine(status))")
    }

    /// What `systemctl status` is to show.
    package func status(_ status: String) throws(SystemError) { try notify("STATUS=\(Self.oneLine(status))") }

    /// A sign of life, to be given at half of ``watchdogInterval``.
    package func watchdog() throws(SystemError) { try notify("WATCHDOG=1") }

    private func notify(_ state: String) throws(SystemError) {
        let sent = send(state)
        guard sent >= 0 else { throw SystemError("sd_notify", code: -sent) }
    }

    /// A line break in a status would begin an assignment of its own.
    private static func oneLine(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(scalars)
    }
}

extension Duration {
    /// Whole microseconds, rounded down, from 0 up.
    fileprivate var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000)
        return overflow ? .max : product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000_000)).partialValue
    }
}
