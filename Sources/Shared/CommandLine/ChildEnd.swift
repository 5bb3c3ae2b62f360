package import Glibc

/// How a child process ended (waitpid(2)).
package enum ChildEnd: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    /// Reads the status word of waitpid(2).
    package init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .killed(signal: signal)
    }

    /// The exit status that stands for this end, as a shell says it.
    package var status: ExitStatus {
        switch self {
        case .exited(let status): ExitStatus(rawValue: status)
        case .killed(let signal): .signal(signal)
        }
    }

    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .killed(let signal): "killed by signal \(signal)"
        }
    }

    /// Waits for `child` to end; nil when it is no child of this process.
    package static func wait(for child: pid_t) -> ChildEnd? {
        var status: Int32 = 0
        while true {
            let result = unsafe waitpid(child, &status, 0)
            if result == child { return ChildEnd(waitStatus: status) }
            if result < 0 && errno != EINTR { return nil }
        }
    }

    /// How `child` ended, without waiting for it; nil while it runs.
    package static func poll(_ child: pid_t) -> ChildEnd? {
        var status: Int32 = 0
        return unsafe waitpid(child, &status, WNOHANG) == child ? ChildEnd(waitStatus: status) : nil
    }
}
