package import ArgumentParser
import Glibc

/// A failure that a person is to read: what is wrong, the mend, and the status to exit with.
package struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// What is wrong and where, one sentence without a full stop at its end.
    package let message: String
    /// What to do about it; nil where there is nothing to advise.
    package let mend: String?
    package let status: ExitStatus
    /// Whether the program's name stands before it. Lines that begin with a file's name keep it in front, where editors
    /// look for it.
    let isProgramNamed: Bool

    package init(_ message: String, mend: String? = nil, status: ExitStatus = .failure) {
        self.message = message
        self.mend = mend
        self.status = status
        isProgramNamed = true
    }

    /// A configuration that cannot be used: its problems, a line each, as `check` shows them.
    package init(configuration error: ConfigurationError) {
        message = error.description
        mend = nil
        status = .configuration
        isProgramNamed = false
    }

    package var description: String { mend.map { "\(message). \($0)" } ?? message }
}

extension ParsableCommand {
    /// Parses the process's arguments, runs the command, and ends the process if that throws: with the status of a
    /// `CommandFailure`, otherwise as swift-argument-parser does (64 for a wrong command line, 0 for `--help`).
    package static func runAsProgram(named program: String) {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            StandardStream.error.write(failure.isProgramNamed ? "\(program): \(failure)\n" : "\(failure)\n")
            Glibc.exit(failure.status.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
