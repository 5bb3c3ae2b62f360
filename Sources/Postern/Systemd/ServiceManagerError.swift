import Glibc
import Shared

/// The service manager is not there, or refused something.
struct ServiceManagerError: Error, Equatable {
    /// The error's name on the bus (`org.freedesktop.systemd1.NoSuchUnit`); empty for one of the connection.
    let name: String
    let text: String
    let code: Int32
    let unit: String?
    private var isAbsent = false

    init(name: String, text: String, code: Int32, unit: String?) {
        self.name = name
        self.text = text
        self.code = code
        self.unit = unit
    }

    static func absent(code: Int32) -> ServiceManagerError {
        var error = ServiceManagerError(name: "", text: "", code: code, unit: nil)
        error.isAbsent = true
        return error
    }

    /// The connection has ended: a manager that executes itself anew closes it.
    var isDisconnected: Bool {
        isAbsent || name.isEmpty && [ECONNRESET, ENOTCONN, EPIPE, ESTALE, ETIMEDOUT].contains(code)
            || name == "org.freedesktop.DBus.Error.Disconnected"
    }

    /// What a person is to read.
    var failure: CommandFailure {
        if isAbsent {
            return CommandFailure(
                "systemd does not answer (\(SystemError("connect", code: code).reason))",
                mend: "This needs a machine that was booted with systemd; `postern up` runs without one.",
                status: .unavailable)
        }
        let what = unit ?? "the unit"
        let words = text.isEmpty ? SystemError("sd-bus", code: code).reason : text
        switch name {
        case "org.freedesktop.systemd1.NoSuchUnit", "org.freedesktop.systemd1.LoadFailed",
            "org.freedesktop.systemd1.UnitMasked":
            return CommandFailure(
                "\(what) cannot be used: \(words)", mend: "See systemctl cat \(what).", status: .noInput)
        case "org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
            "org.freedesktop.DBus.Error.AuthFailed":
            return CommandFailure(
                "this user may not start and stop units", mend: "Run this as root (sudo).", status: .noPermission)
        case "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout":
            return CommandFailure(
                "systemd does not answer in time", mend: "See systemctl list-jobs.", status: .unavailable)
        default:
            if code == EACCES || code == EPERM {
                return CommandFailure(
                    "systemd refuses this user: \(words)", mend: "Run this as root (sudo).", status: .noPermission)
            }
            return CommandFailure("systemd refuses \(what): \(words)", status: .systemError)
        }
    }
}
