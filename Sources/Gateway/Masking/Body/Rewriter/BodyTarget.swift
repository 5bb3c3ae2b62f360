/// Path and query behind a name, read from their spelling.
struct BodyTarget {
    /// As they stand in a URL of the service.
    private(set) var bytes: [UInt8] = []
    /// The first slash and the first ampersand, as they were spelled.
    private(set) var slash = 0..<0
    private(set) var ampersand = 0..<0

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        slash = 0..<0
        ampersand = 0..<0
    }

    /// Reads what stands at `match.end`, and moves it. False where the bytes end before it does.
    mutating func read(_ text: RawSpan, _ match: inout BodyMatch, isLast: Bool) -> Bool {
        let start = match.authorityEnd
        guard start < text.byteCount else { return isLast }
        let first = BodyUnit.next(text, start, depth: match.depth < 0 ? BodyUnit.deepest : match.depth)
        if first.isCut && !isLast { return false }
        guard first.value == UInt32(Ascii.slash) || first.value == UInt32(Ascii.question) else { return true }
        if match.depth < 0 { match.depth = first.depth }
        var position = start
        // Where the target ends but for what ends the sentence around it.
        var end = start
        var kept = 0
        var hasBracket = false
        while true {
            guard position - start < BodyMatcher.targetLimit else {
                match.isLong = true
                match.isForeign = true
                match.end = position
                return true
            }
            guard position < text.byteCount else {
                if isLast { break }
                return false
            }
            let unit = BodyUnit.next(text, position, depth: match.depth)
            if unit.isCut && !isLast { return false }
            guard Self.goesOn(unit, match.depth) else { break }
            note(unit)
            bytes.append(UInt8(truncatingIfNeeded: unit.value))
            position = unit.end
            if unit.value == UInt32(ascii: "[") { hasBracket = true }
            if !Self.endsSentence(unit.value, hasBracket) {
                end = position
                kept = bytes.count
            }
        }
        bytes.removeLast(bytes.count - kept)
        match.end = end
        return true
    }

    private mutating func note(_ unit: BodyUnit) {
        if unit.value == UInt32(Ascii.slash), slash.isEmpty { slash = unit.start..<unit.end }
        if unit.value == UInt32(Ascii.ampersand), ampersand.isEmpty { ampersand = unit.start..<unit.end }
    }

    /// Whether a unit is part of a URL that is encoded `depth` times as a whole.
    static func goesOn(_ unit: BodyUnit, _ depth: Int) -> Bool {
        guard Ascii.isURLCharacter(unit.value) else { return false }
        // What is encoded less often belongs to the URL around it.
        return unit.depth == depth || !(unit.value == UInt32(Ascii.ampersand) || unit.value == UInt32(Ascii.semicolon))
    }

    /// Where the target ends that began before `start`; nil where the text ends before it.
    static func end(_ text: RawSpan, from start: Int, depth: Int, isLast: Bool) -> (place: Int, isEnd: Bool) {
        var position = start
        while position < text.byteCount {
            let unit = BodyUnit.next(text, position, depth: depth)
            if unit.isCut && !isLast { return (position, false) }
            guard goesOn(unit, depth) else { return (position, true) }
            position = unit.end
        }
        return (position, false)
    }

    private static func endsSentence(_ value: UInt32, _ hasBracket: Bool) -> Bool {
        switch UInt8(truncatingIfNeeded: value) {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
            UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "("):
            true
        case UInt8(ascii: "]"): !hasBracket
        default: false
        }
    }
}
