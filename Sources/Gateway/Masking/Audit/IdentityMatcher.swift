/// Finds what tells who the services are. Immutable; made with each snapshot.
final class IdentityMatcher: Sendable {
    let words: [IdentityWord]
    let automaton: ByteAutomaton
    /// Bytes of the longest word.
    let longest: Int

    init(_ origins: [UpstreamOrigins]) {
        var words: [IdentityWord] = []
        var seen: Set<IdentityWord> = []
        for word in origins.flatMap(IdentityWord.all) where seen.insert(word).inserted { words.append(word) }
        self.words = words
        automaton = ByteAutomaton(literals: words.map(\.text))
        longest = words.map(\.text.count).max() ?? 0
    }

    var isEmpty: Bool { words.isEmpty }

    /// Whether some of it stands in `range`, which is a text of its own.
    func isIn(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        var state: Int32 = 0
        for index in range {
            state = automaton.next(state, bytes.octet(index))
            guard automaton.hasEnd(state) else { continue }
            for place in automaton.wordsEnding(state) {
                let word = words[Int(automaton.words[place])]
                let start = index + 1 - word.text.count
                let isWhole = index + 1 == range.upperBound || Self.ends(word.after, before: bytes.octet(index + 1))
                if isWhole, Self.begins(word.before, bytes, at: start, from: range.lowerBound) { return true }
            }
        }
        return false
    }

    /// Whether a word may end before this byte.
    static func ends(_ border: IdentityWord.Border, before byte: UInt8) -> Bool {
        switch border {
        case .none: true
        case .name: !isNameByte(byte)
        case .number: !(48...57).contains(byte)
        case .hexadecimal: byte != UInt8(ascii: ":") && !isHexadecimal(byte)
        }
    }

    /// Whether a word may begin at `start`: what stands before is no part of it, or the end of an escape.
    static func begins(_ border: IdentityWord.Border, _ bytes: RawSpan, at start: Int, from first: Int) -> Bool {
        guard start > first else { return true }
        let byte = bytes.octet(start - 1)
        let isBorder =
            switch border {
            case .none: true
            case .name: !isNameByte(byte)
            case .number: !(48...57).contains(byte) && byte != UInt8(ascii: ".")
            case .hexadecimal: byte != UInt8(ascii: ":") && !isHexadecimal(byte)
            }
        if isBorder { return true }
        func stands(_ text: UInt8, _ distance: Int) -> Bool {
            start - distance >= first && bytes.octet(start - distance) == text
        }
        // %2F and %252F, \n, \x2f, \u002f
        return stands(UInt8(ascii: "%"), 3) || stands(UInt8(ascii: "%"), 5) && stands(UInt8(ascii: "2"), 4)
            || stands(UInt8(ascii: "\\"), 2) || stands(UInt8(ascii: "\\"), 4) && stands(UInt8(ascii: "x"), 3)
            || stands(UInt8(ascii: "\\"), 6) && stands(UInt8(ascii: "u"), 5)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 32)
    }
}
