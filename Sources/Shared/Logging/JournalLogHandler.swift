import CSystemd
package import Logging

/// Sends an event to systemd-journald in its native form (sd_journal_sendv(3)).
///
/// `MESSAGE` is the message and its facts on one line, as the text log shows them, because that is all that
/// `journalctl` shows; each fact is a field of its own as well, for `journalctl POSTERN_REQUEST_ID=…`.
package struct JournalLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let identifier: String
    private let send: @Sendable (_ fields: [[UInt8]]) -> Bool
    private let fallback: TextLogHandler

    /// - Parameters:
    ///   - identifier: `SYSLOG_IDENTIFIER`, the program's name.
    ///   - send: takes the fields of one entry, each `NAME=value`; false when the journal did not take it. Nil for the
    ///     journal of this machine.
    ///   - fallback: gets what the journal does not take; nil for standard error.
    package init(
        identifier: String, level: Logger.Level, send: (@Sendable (_ fields: [[UInt8]]) -> Bool)? = nil,
        fallback: TextLogHandler? = nil
    ) {
        self.identifier = identifier
        self.send = send ?? Self.sendToJournal
        self.fallback = fallback ?? TextLogHandler(identifier: identifier, level: level)
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let facts = LogFacts.of(event, handler: metadata, provider: metadataProvider)
        let message = LogText.escaped(event.message.description) + LogFacts.text(facts)
        var fields = [
            "MESSAGE=\(message)", "PRIORITY=\(Self.priority(of: event.level))", "SYSLOG_IDENTIFIER=\(identifier)",
        ]
        for (key, value) in facts {
            fields.append("\(Self.fieldName(for: key))=\(LogText.cut(value, limit: LogText.valueLimit))")
        }
        if !send(fields.map { Array($0.utf8) }) {
            var fallback = fallback
            fallback.metadata = metadata
            fallback.metadataProvider = metadataProvider
            fallback.log(event: event)
        }
    }

    /// `POSTERN_` and the key in capitals, every character that a field's name cannot have as `_`, 64 bytes at most
    /// (systemd.journal-fields(7)). The prefix keeps a fact from taking a well-known field's name.
    static func fieldName(for key: String) -> String {
        let name = key.utf8.prefix(64 - 8).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        return "POSTERN_" + String(decoding: name, as: UTF8.self)
    }

    /// The level of syslog(3).
    static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }

    private static func sendToJournal(_ fields: [[UInt8]]) -> Bool {
        let lengths = fields.map(\.count)
        return unsafe postern_systemd_journal_send(Array(fields.joined()), lengths, Int32(clamping: fields.count)) >= 0
    }
}
