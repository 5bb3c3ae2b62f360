import Logging

/// The facts of one log event as a flat list of key and text, by key.
enum LogFacts {
    /// What the handler, its provider and the event say; the later wins. A nested dictionary's keys are joined with
    /// periods, a list's items with commas.
    static func of(
        _ event: LogEvent, handler: Logger.Metadata, provider: Logger.MetadataProvider?
    ) -> [(key: String, value: String)] {
        var metadata = handler
        if let provided = provider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error, metadata["error"] == nil { metadata["error"] = "\(error)" }
        guard !metadata.isEmpty else { return [] }
        var facts: [(key: String, value: String)] = []
        for (key, value) in metadata { append(key, value, to: &facts) }
        return facts.sorted { $0.key < $1.key }
    }

    private static func append(
        _ key: String, _ value: Logger.MetadataValue, to facts: inout [(key: String, value: String)]
    ) {
        switch value {
        case .dictionary(let nested):
            for (name, value) in nested { append("\(key).\(name)", value, to: &facts) }
        default:
            facts.append((key, text(of: value)))
        }
    }

    private static func text(of value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value): value.description
        case .array(let values): values.map(text(of:)).joined(separator: ",")
        default: "\(value)"
        }
    }

    /// ` key=value …`, each value escaped and bounded.
    static func text(_ facts: [(key: String, value: String)]) -> String {
        var text = ""
        for (key, value) in facts {
            text += " \(bareKey(key))=\(LogText.value(value))"
        }
        return text
    }

    /// A key that cannot be taken for anything else.
    private static func bareKey(_ key: String) -> String {
        String(
            String.UnicodeScalarView(
                key.unicodeScalars.prefix(128).map { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": scalar
                    default: "_"
                    }
                }))
    }
}
