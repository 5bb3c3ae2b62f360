import Testing

/// Bytes as an argument of a test, shown on one short line.
struct Raw: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
    let text: String

    init(_ text: String) { self.text = text }
    init(stringLiteral text: String) { self.text = text }

    var testDescription: String {
        let shown = text.debugDescription
        return shown.count > 100 ? "\(shown.prefix(100))…" : shown
    }
}
