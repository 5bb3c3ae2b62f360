package import Logging

/// Writes an event as one line of text for people:
/// `2026-11-22T19:00:00.123Z info postern-gateway: message key=value other="two words"`.
///
/// Whatever a value holds, an event is one line, and a value ends where it seems to end (``LogText``).
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let identifier: String
    private let isColoured: Bool
    private let clock: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - identifier: the program's name.
    ///   - isColoured: colours the level, with ANSI escapes.
    ///   - clock: milliseconds since 1970.
    ///   - write: takes one whole line with its line break; nil for standard error.
    package init(
        identifier: String, level: Logger.Level, isColoured: Bool = false,
        clock: (@Sendable () -> Int64)? = nil, write: (@Sendable (String) -> Void)? = nil
    ) {
        self.identifier = identifier
        self.isColoured = isColoured
        self.clock = clock ?? LogTimestamp.now
        self.write = write ?? LogOutput.writeToStandardError
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let facts = LogFacts.of(event, handler: metadata, provider: metadataProvider)
        write(
            "\(LogTimestamp.text(milliseconds: clock())) \(word(for: event.level)) \(identifier): "
                + "\(LogText.escaped(event.message.description))\(LogFacts.text(facts))\n")
    }

    private func word(for level: Logger.Level) -> String {
        guard isColoured else { return level.rawValue }
        let colour =
            switch level {
            case .critical, .error: 31
            case .warning: 33
            case .notice, .info: 32
            case .debug, .trace: 2
            }
        return "\u{1B}[\(colour)m\(level.rawValue)\u{1B}[0m"
    }
}
