/// A text of the configuration in which braces stand for something: `{name}` for a parameter of the route's name,
/// `{name...}` for all segments of a catch-all, `{credential:NAME}` for a secret. `{{` and `}}` are braces themselves.
struct TemplateText: Sendable, Equatable {
    enum Token: Sendable, Equatable {
        case text(String)
        case parameter(name: String, isAll: Bool)
        case credential(String)
    }

    /// As it was written: for people. It holds no secret, only the names of some.
    let source: String
    let tokens: [Token]

    init(_ source: String) throws(TemplateFault) {
        self.source = source
        var tokens: [Token] = []
        var text = ""
        // By unicode scalars: a brace with a combining mark after it is one still.
        var rest = source.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "{" where rest.first == "{", "}" where rest.first == "}":
                rest.removeFirst()
                text.unicodeScalars.append(scalar)
            case "}":
                throw TemplateFault(message: "a brace is closed that was not opened", mend: "Write }} for a brace.")
            case "{":
                guard let close = rest.firstIndex(of: "}") else {
                    throw TemplateFault(
                        message: "a brace is not closed", mend: "Write {name}, or {{ for a brace.")
                }
                if !text.isEmpty { tokens.append(.text(text)) }
                text = ""
                tokens.append(Self.token(String(rest[..<close])))
                rest = rest[rest.index(after: close)...]
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        if !text.isEmpty { tokens.append(.text(text)) }
        self.tokens = tokens
    }

    private static func token(_ name: String) -> Token {
        let prefix = "credential:"
        if name.hasPrefix(prefix) { return .credential(String(name.dropFirst(prefix.count))) }
        let isAll = name.hasSuffix("...")
        return .parameter(name: isAll ? String(name.dropLast(3)) : name, isAll: isAll)
    }

    /// Whether the request has no part in it.
    var isFixed: Bool { !tokens.contains { if case .parameter = $0 { true } else { false } } }
}

/// Why a template cannot be used, and the mend.
struct TemplateFault: Error, Equatable {
    let message: String
    let mend: String
}
