/// The statuses that a shell gives to what became of another program, and what `--help` says of them all.
extension ExitStatus {
    /// A program was found and cannot be run.
    package static let cannotExecute = ExitStatus(rawValue: 126)
    /// A program was not found.
    package static let notFound = ExitStatus(rawValue: 127)

    /// A program was ended by `signal`.
    package static func signal(_ signal: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + signal) }

    /// The paragraph on exit statuses for a program's `--help`.
    package static let help = """
        EXIT STATUS:
          0    done, or stopped on request
          1    failed; the message says why
          64   the command line is wrong
          78   the configuration is wrong; the message names file, line and the mend
        """
}
