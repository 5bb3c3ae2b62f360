import CSystemd
import Glibc
package import Logging

/// Chooses how a program logs.
package enum LoggingSetup {
    /// A logger that writes to the journal where standard error is the journal (a unit's default), else lines of text
    /// to standard error, coloured on a terminal unless `$NO_COLOR` is set.
    /// - Parameter identifier: the program's name, for example `postern-gateway`.
    package static func make(identifier: String, level: Logger.Level = .info) -> Logger {
        if postern_systemd_is_journal(STDERR_FILENO) {
            return Logger(label: identifier) { JournalLogHandler(identifier: $0, level: level) }
        }
        let isColoured = isColourWanted(isTerminal: isatty(STDERR_FILENO) == 1, noColor: environment("NO_COLOR"))
        return Logger(label: identifier) { TextLogHandler(identifier: $0, level: level, isColoured: isColoured) }
    }

    /// `NO_COLOR` counts when it is not empty, whatever it says.
    static func isColourWanted(isTerminal: Bool, noColor: String?) -> Bool { isTerminal && noColor ?? "" == "" }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
