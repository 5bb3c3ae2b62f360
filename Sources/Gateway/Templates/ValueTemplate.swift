import Shared

/// The value of a field or of a query's parameter, ready for the byte path: text, and parameters of the route's name.
///
/// A parameter stands there percent-encoded, all but letters, digits and `-._~`: it never becomes another parameter, an
/// item of a list, a field. The segments of a catch-all stand with plain slashes between them; a slash inside of one
/// is `%2F`.
struct ValueTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text([UInt8])
        /// The parameter at this place among those of the route's pattern.
        case parameter(Int)
    }
    private(set) var parts: [Part] = []

    init() {}

    /// The one text that it is, for what needs no request; nil with parameters.
    var fixed: [UInt8]? {
        guard parts.count <= 1 else { return nil }
        switch parts.first {
        case nil: return []
        case .text(let text): return text
        case .parameter: return nil
        }
    }

    mutating func append(text: some Sequence<UInt8>) {
        if case .text(let before) = parts.last {
            parts[parts.count - 1] = .text(before + text)
        } else {
            parts.append(.text(Array(text)))
        }
    }

    mutating func append(_ other: ValueTemplate) {
        for part in other.parts {
            switch part {
            case .text(let text): append(text: text)
            case .parameter: parts.append(part)
            }
        }
    }

    /// Adds what it is for one request to `output`.
    func write(_ path: borrowing CanonicalPath, _ captures: RouteCaptures, to output: inout [UInt8]) {
        for part in parts {
            switch part {
            case .text(let text): output.append(contentsOf: text)
            case .parameter(let index):
                let segments = captures.entries[index].segments
                for (place, segment) in segments.enumerated() {
                    if place > 0 { output.append(UInt8(ascii: "/")) }
                    PercentEncoding.append(path.values[path.segment(segment)], to: &output)
                }
            }
        }
    }
}

extension ValueTemplate {
    /// What text may stand in, which says how it is written there.
    enum Position {
        case field, query
    }

    init(_ text: TemplateText, in position: Position, _ resolution: TemplateResolution) throws(TemplateFault) {
        for token in text.tokens {
            switch token {
            case .text(let text):
                try append(text: Self.encode(text, in: position))
            case .parameter(let name, let isAll):
                parts.append(.parameter(try resolution.index(of: name, isAll: isAll)))
            case .credential(let name):
                append(text: try Self.secret(name, in: position, resolution))
            }
        }
        if position == .field { try checkEnds() }
    }

    private static func encode(_ text: String, in position: Position) throws(TemplateFault) -> [UInt8] {
        switch position {
        case .field:
            guard text.utf8.allSatisfy(Credential.isFieldByte) else {
                throw TemplateFault(
                    message: "a field's value holds a control character", mend: "Write the value on one line.")
            }
            return Array(text.utf8)
        case .query:
            var encoded: [UInt8] = []
            PercentEncoding.append(text.utf8, to: &encoded)
            return encoded
        }
    }

    private static func secret(
        _ name: String, in position: Position, _ resolution: TemplateResolution
    ) throws(TemplateFault) -> [UInt8] {
        let isAllowed = position == .field ? Credential.isFieldByte : Credential.isText
        guard let bytes = try resolution.bytes(ofCredential: name, isAllowed: isAllowed) else {
            // Nothing is sent by a configuration that was read without its secrets: this is for people.
            return Array("{credential:\(name)}".utf8)
        }
        guard position == .query else { return bytes }
        var encoded: [UInt8] = []
        PercentEncoding.append(bytes, to: &encoded)
        return encoded
    }

    /// Blanks at the ends of a field's value are no part of it (RFC 9110 section 5.5): who reads it drops them.
    private func checkEnds() throws(TemplateFault) {
        func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var hasBlank = false
        if case .text(let text) = parts.first { hasBlank = isBlank(text.first) }
        if case .text(let text) = parts.last { hasBlank = hasBlank || isBlank(text.last) }
        guard !hasBlank else {
            throw TemplateFault(
                message: "a field's value begins or ends with a blank, which is no part of it",
                mend: "Take the blank out; in the file of a credential, too.")
        }
    }
}
