import Shared

/// `mask:` of a service or a route: what a client sees of who answers. That header fields are masked is not to be
/// switched off.
///
/// - `body`: whether bodies are rewritten (false).
/// - `errors`: `pass` (default), or `replace`: answers of 500 and more get a body of ours.
/// - `audit`: `off` (default), `count` what an answer tells of a service, or `block` such an answer.
/// - `unreachable`: what becomes of a field with a URL of the service that no route leads to: `drop` it (default), or
///   `refuse` the answer with 502.
/// - `keep`: fields that describe a server, which this one may send all the same.
struct MaskConfiguration: Sendable, Equatable {
    enum Errors: String, Sendable, CaseIterable { case pass, replace }
    enum Audit: String, Sendable, CaseIterable { case off, count, block }
    enum Unreachable: String, Sendable, CaseIterable { case drop, refuse }

    var body = false
    var errors = Errors.pass
    var audit = Audit.off
    var unreachable = Unreachable.drop
    /// In lower case.
    var keep: [String] = []

    /// The head is put together before any of it is sent, and looked at as a whole.
    var isThorough: Bool { audit != .off || unreachable == .refuse }

    /// Without any `mask:`.
    init() {}

    /// - Parameter parts: what each file says, the nearest last: it wins, key by key.
    init(_ parts: [Part]) {
        for part in parts {
            body = part.body ?? body
            errors = part.errors ?? errors
            audit = part.audit ?? audit
            unreachable = part.unreachable ?? unreachable
            keep = part.keep ?? keep
        }
    }
}

extension MaskConfiguration {
    /// What one file says; nil for what it does not say.
    struct Part: Sendable, Equatable {
        var body: Bool?
        var errors: Errors?
        var audit: Audit?
        var unreachable: Unreachable?
        var keep: [String]?

        /// Reads the mapping of a `mask:`. Who made the reader finishes it.
        static func read(_ reader: some KeyReader) -> Part {
            Part(
                body: reader.optional("body", .bool), errors: reader.optional("errors", .word),
                audit: reader.optional("audit", .word), unreachable: reader.optional("unreachable", .word),
                keep: reader.optional("keep", .list(of: .keepableField, minimum: 0)))
        }
    }
}

extension ValueForm where Value == String {
    /// The name of a field that may be kept, in lower case. What frames a message, and what only the gateway says, is
    /// not for a service to send.
    fileprivate static var keepableField: ValueForm {
        ValueForm { node in
            guard let text = node.read(as: .nonEmptyString) else { return nil }
            guard let name = FieldName(named: text) else {
                node.report("`\(node.name)`: '\(text)' is no name of a field", mend: "Write for example Server-Timing.")
                return nil
            }
            guard !name.isHopByHop, !name.isReserved || name == .xRequestID else {
                node.report(
                    "`\(node.name)`: '\(text)' cannot be kept: it belongs to the connection, or to the gateway",
                    mend: "Take it out.")
                return nil
            }
            return text.lowercased()
        }
    }
}
