import Shared

/// What `postern up` shows: its own lines on standard output, the processes' log lines and what went wrong on standard
/// error.
struct Console {
    private let output: StandardStream
    private let error: StandardStream
    private let outputColour: Bool
    private let errorColour: Bool

    init(
        output: StandardStream = .output, error: StandardStream = .error, environment: [String: String]
    ) {
        self.output = output
        self.error = error
        outputColour = output.wantsColour(environment: environment)
        errorColour = error.wantsColour(environment: environment)
    }

    /// A step that was taken.
    func say(_ line: String) { output.write(line + "\n") }

    /// The line that says that all is up, set off where there is colour.
    func sayReady(_ line: String) { output.write(outputColour ? "\u{1B}[1;32m\(line)\u{1B}[0m\n" : line + "\n") }

    /// Something went wrong.
    func complain(_ line: String) {
        error.write(errorColour ? "\u{1B}[31mpostern: \(line)\u{1B}[0m\n" : "postern: \(line)\n")
    }

    /// A log line of a child, as `LogPrefix` made it.
    func log(_ line: [UInt8]) { error.write(line) }

    /// The prefix for the log lines of `process`, aligned with those of `all`.
    func prefix(of process: SupervisedProcess, among all: [SupervisedProcess]) -> LogPrefix {
        LogPrefix(
            label: process.label, width: all.map(\.label.utf8.count).max() ?? 0,
            colour: errorColour ? LogPrefix.colour(of: process) : nil)
    }
}
