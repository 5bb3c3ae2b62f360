extension RoutePattern.Segment {
    struct Refusal: Error {
        let reason: RoutePatternError.Reason
        init(_ reason: RoutePatternError.Reason) { self.reason = reason }
    }

    /// Reads one segment of a pattern. It is read by unicode scalars, so that a combining mark hides no bracket.
    init(_ text: String) throws(Refusal) {
        let scalars = text.unicodeScalars
        if scalars.isEmpty { throw Refusal(.emptySegment) }
        if text == "." || text == ".." { throw Refusal(.dotSegment) }
        guard let inner = Self.enclosed(scalars[...]) else {
            if scalars.contains("[") || scalars.contains("]") { throw Refusal(.strayBracket(segment: text)) }
            if scalars.contains(where: { $0 == "\\" || $0.value < 0x20 || $0.value == 0x7F }) {
                throw Refusal(.unreachable(segment: text))
            }
            self = .fixed(text)
            return
        }
        let innermost = Self.enclosed(inner)
        var name = innermost ?? inner
        if name.first == "\u{2026}" { throw Refusal(.ellipsis(segment: text)) }
        let isCatchAll = name.starts(with: "...".unicodeScalars)
        if isCatchAll { name = name.dropFirst(3) }
        if name.isEmpty { throw Refusal(.emptyName(segment: text)) }
        if name.contains("[") || name.contains("]") { throw Refusal(.strayBracket(segment: text)) }
        if name.first == "." { throw Refusal(.nameBeginsWithPeriod(segment: text)) }
        switch (isCatchAll, innermost != nil) {
        case (false, false): self = .parameter(String(name))
        case (true, false): self = .catchAll(String(name))
        case (true, true): self = .optionalCatchAll(String(name))
        case (false, true): throw Refusal(.optionalParameter(segment: text))
        }
    }

    /// What stands between a bracket at the beginning and one at the end.
    private static func enclosed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
        guard text.count >= 2, text.first == "[", text.last == "]" else { return nil }
        return text.dropFirst().dropLast()
    }
}
