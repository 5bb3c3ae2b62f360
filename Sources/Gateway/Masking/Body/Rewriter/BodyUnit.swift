// Unsafe code: loads of single bytes from a span, which are checked against its bounds.

/// One character of a text, in whichever way it is spelled: as itself, `\/`, `\u002f`, `\x2f`, `&#47;`, `&#x2F;`,
/// `&sol;`, `%2F`, `%252F`. The spellings of JSON, JavaScript, HTML and XML are read in every text: one stands in the
/// other often enough. Percent-encoding lies within them.
struct BodyUnit {
    /// A byte of the text; or a scalar, where `isScalar`.
    var value: UInt32
    /// Where it begins and ends.
    var start: Int
    var end: Int
    /// How many times it is percent-encoded.
    var depth = 0
    /// It was given by its number in Unicode.
    var isScalar = false
    /// The bytes end within it, or may: what comes next decides.
    var isCut = false

    /// More bytes than one unit has. A spelling that is longer is taken for single bytes.
    static let longest = 16
    /// Backslashes before an escape: JSON in JSON in JSON doubles them each time.
    private static let backslashes = 8
    /// Bytes of an entity, `&` and `;` included.
    private static let entity = 12
    static let deepest = 3

    private init(_ value: UInt32, _ start: Int, _ end: Int, isScalar: Bool = false) {
        self.value = value
        self.start = start
        self.end = end
        self.isScalar = isScalar
    }

    /// What stands behind the end of all.
    static func blank(at position: Int) -> BodyUnit { BodyUnit(32, position, position) }

    private static func cut(_ bytes: RawSpan, _ start: Int) -> BodyUnit {
        var unit = BodyUnit(UInt32(bytes.byte(start)), start, start + 1)
        unit.isCut = true
        return unit
    }

    // MARK: Forwards

    /// The unit that begins at `start`, percent-encoding read to at most `depth` times.
    @inline(__always) static func next(_ bytes: RawSpan, _ start: Int, depth: Int = deepest) -> BodyUnit {
        let byte = bytes.byte(start)
        guard byte == Ascii.percent || byte == Ascii.backslash || byte == Ascii.ampersand else {
            return BodyUnit(UInt32(byte), start, start + 1)
        }
        return escaped(bytes, start, depth)
    }

    private static func escaped(_ bytes: RawSpan, _ start: Int, _ depth: Int) -> BodyUnit {
        var unit = outer(bytes, start)
        guard unit.value == UInt32(Ascii.percent), depth > 0, !unit.isCut else { return unit }
        while unit.depth < depth, unit.value == UInt32(Ascii.percent) {
            guard unit.end + 1 < bytes.byteCount else {
                // `%`, or `%4`: more digits may come. A `%25` may go on too.
                let mayGoOn = unit.end == bytes.byteCount || bytes.byte(unit.end).hexadecimal != nil
                unit.isCut = mayGoOn
                return unit
            }
            guard let high = bytes.byte(unit.end).hexadecimal, let low = bytes.byte(unit.end + 1).hexadecimal else {
                return unit
            }
            unit.value = high << 4 | low
            unit.end += 2
            unit.depth += 1
        }
        return unit
    }

    /// The unit at `start` but for percent-encoding.
    private static func outer(_ bytes: RawSpan, _ start: Int) -> BodyUnit {
        switch bytes.byte(start) {
        case Ascii.backslash: backslashed(bytes, start)
        case Ascii.ampersand: entity(bytes, start)
        default: BodyUnit(UInt32(bytes.byte(start)), start, start + 1)
        }
    }

    private static func backslashed(_ bytes: RawSpan, _ start: Int) -> BodyUnit {
        var index = start + 1
        let limit = start + backslashes
        while index < bytes.byteCount, index < limit, bytes.byte(index) == Ascii.backslash { index += 1 }
        guard index < bytes.byteCount else { return cut(bytes, start) }
        switch bytes.byte(index) {
        case Ascii.slash: return BodyUnit(UInt32(Ascii.slash), start, index + 1)
        case Ascii.u: return digits(bytes, start, index + 1, count: 4)
        case Ascii.x: return digits(bytes, start, index + 1, count: 2)
        default: return BodyUnit(UInt32(Ascii.backslash), start, start + 1)
        }
    }

    private static func digits(_ bytes: RawSpan, _ start: Int, _ first: Int, count: Int) -> BodyUnit {
        var value: UInt32 = 0
        for index in first..<first + count {
            guard index < bytes.byteCount else { return cut(bytes, start) }
            guard let digit = bytes.byte(index).hexadecimal else {
                return BodyUnit(UInt32(Ascii.backslash), start, start + 1)
            }
            value = value << 4 | digit
        }
        return BodyUnit(value, start, first + count, isScalar: true)
    }

    private static func entity(_ bytes: RawSpan, _ start: Int) -> BodyUnit {
        let plain = BodyUnit(UInt32(Ascii.ampersand), start, start + 1)
        var end = start + 1
        let limit = min(bytes.byteCount, start + entity)
        while end < limit, bytes.byte(end).isEntityByte { end += 1 }
        guard end < limit else { return limit == bytes.byteCount ? cut(bytes, start) : plain }
        guard bytes.byte(end) == Ascii.semicolon, end > start + 2 || bytes.byte(start + 1) != Ascii.hash else {
            return plain
        }
        let value = bytes.byte(start + 1) == Ascii.hash ? number(bytes, start + 2, end) : named(bytes, start + 1, end)
        guard let value else { return plain }
        return BodyUnit(value, start, end + 1, isScalar: true)
    }

    private static func number(_ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt32? {
        var value: UInt32 = 0
        let isHexadecimal = bytes.byte(start) | 0x20 == Ascii.x
        let first = isHexadecimal ? start + 1 : start
        guard first < end else { return nil }
        for index in first..<end {
            guard let digit = bytes.byte(index).hexadecimal, isHexadecimal || digit < 10 else { return nil }
            value = value &* (isHexadecimal ? 16 : 10) &+ digit
            guard value <= 0x10FFFF else { return nil }
        }
        return value
    }

    /// The entities of HTML that can stand in a URL, or end it.
    private static func named(_ bytes: RawSpan, _ start: Int, _ end: Int) -> UInt32? {
        for (name, value) in BodyEntity.all where bytes.holds(name, start, end) { return UInt32(value) }
        return nil
    }

    // MARK: Backwards

    /// The unit that ends at `end`; nothing before `floor` is looked at.
    @inline(__always) static func previous(_ bytes: RawSpan, _ end: Int, _ floor: Int) -> BodyUnit {
        let byte = bytes.byte(end - 1)
        if byte.hexadecimal != nil || byte == Ascii.semicolon || byte == Ascii.slash || byte == Ascii.percent {
            return escapedBefore(bytes, end, floor)
        }
        return BodyUnit(UInt32(byte), end - 1, end)
    }

    /// Every unit but a single byte begins with one of three bytes: the first of them from which a unit comes to `end`.
    private static func escapedBefore(_ bytes: RawSpan, _ end: Int, _ floor: Int) -> BodyUnit {
        let lowest = max(floor, end - longest)
        var found: BodyUnit?
        var start = end - 2
        while start >= lowest {
            let byte = bytes.byte(start)
            if byte == Ascii.percent || byte == Ascii.backslash || byte == Ascii.ampersand {
                let unit = next(bytes.extracting(0..<end), start)
                if unit.end == end, !unit.isCut { found = unit }
            } else if !byte.isEntityByte {
                break
            }
            start -= 1
        }
        return found ?? BodyUnit(UInt32(bytes.byte(end - 1)), end - 1, end)
    }
}

extension RawSpan {
    @inline(__always) func byte(_ index: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self) }

    fileprivate func holds(_ name: StaticString, _ start: Int, _ end: Int) -> Bool {
        guard end - start == name.utf8CodeUnitCount else { return false }
        for offset in 0..<end - start {
            guard unsafe byte(start + offset) == name.utf8Start[offset] else { return false }
        }
        return true
    }
}
