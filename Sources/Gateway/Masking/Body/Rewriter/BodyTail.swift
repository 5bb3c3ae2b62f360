/// What at the end of a piece may be the beginning of a match, and must wait for the next piece.
extension BodyMatcher {
    /// Where it begins; the end of the bytes where all may go out. No name is whole in what stands there.
    func tail(_ bytes: RawSpan, _ patterns: BodyPatterns) -> Int {
        let end = cutUnit(bytes)
        var start = prefix(bytes, end, isHostOpen: true)
        for name in patterns.names {
            var begin = beginning(of: name, bytes, end)
            if name.isVersion6 { begin = bracket(bytes, begin) }
            guard begin < end else { continue }
            start = min(start, name.kind == .path ? begin : prefix(bytes, begin, isHostOpen: false))
        }
        return start
    }

    /// Where the unit begins that the bytes end within; their end where none does.
    private func cutUnit(_ bytes: RawSpan) -> Int {
        var found = bytes.byteCount
        var index = bytes.byteCount - 1
        let lowest = max(floor, bytes.byteCount - BodyUnit.longest)
        while index >= lowest {
            let byte = bytes.byte(index)
            if byte == Ascii.percent || byte == Ascii.backslash || byte == Ascii.ampersand {
                if BodyUnit.next(bytes, index).isCut { found = index }
            } else if !byte.isEntityByte {
                break
            }
            index -= 1
        }
        return found
    }

    /// Where the bracket begins that stands before an address of IPv6, or would.
    private func bracket(_ bytes: RawSpan, _ end: Int) -> Int {
        guard end > floor else { return end }
        let unit = BodyUnit.previous(bytes, end, floor)
        return unit.value == UInt32(ascii: "[") ? unit.start : end
    }

    /// Where the longest beginning of a name begins that ends at `end`; `end` where there is none.
    private func beginning(of name: BodyName, _ bytes: RawSpan, _ end: Int) -> Int {
        guard end > floor else { return end }
        let last = BodyUnit.previous(bytes, end, floor)
        let lowest = max(floor, end - Self.nameLimit)
        for count in stride(from: name.bytes.count, through: 1, by: -1) {
            guard name.mayEnd(count, in: last), let start = name.begins(bytes, before: end, count: count, floor: lowest)
            else { continue }
            return start
        }
        return end
    }

    /// Where `scheme://user@` begins that reaches to `end`, or the beginning of it; `end` where there is none.
    /// - Parameter isHostOpen: no part of a name stands at `end`: it may be one slash, or a part of the scheme.
    private func prefix(_ bytes: RawSpan, _ end: Int, isHostOpen: Bool) -> Int {
        let lowest = max(floor, end - Self.prefixLimit - Self.nameLimit)
        guard end > lowest else { return end }
        var position = end
        var unit = BodyUnit.previous(bytes, position, lowest)
        // What stands there where there are no two slashes.
        let other = isHostOpen ? scheme(bytes, end, lowest) : end
        while Ascii.isAuthorityCharacter(unit.value) || unit.value == UInt32(ascii: "[") {
            position = unit.start
            guard position > lowest else { return other }
            unit = BodyUnit.previous(bytes, position, lowest)
        }
        guard unit.value == UInt32(Ascii.slash) else { return other }
        if unit.start > lowest {
            let first = BodyUnit.previous(bytes, unit.start, lowest)
            if first.value == UInt32(Ascii.slash) { return scheme(bytes, first.start, lowest, needsColon: true) }
        }
        guard isHostOpen, position == end else { return other }
        return scheme(bytes, unit.start, lowest, needsColon: true)
    }

    /// Where a scheme, or the beginning of one, begins that ends at `end`, its colon perhaps included.
    private func scheme(_ bytes: RawSpan, _ end: Int, _ lowest: Int, needsColon: Bool = false) -> Int {
        guard end > lowest else { return end }
        let last = BodyUnit.previous(bytes, end, lowest)
        let hasColon = last.value == UInt32(Ascii.colon)
        if needsColon && !hasColon { return end }
        let texts: [StaticString] = ["https", "http", "wss", "ws"]
        var best = end
        for text in texts {
            let longest = text.utf8CodeUnitCount
            let position = hasColon ? last.start : end
            for count in stride(from: longest, through: hasColon ? longest : 1, by: -1) {
                if let start = Self.begins(bytes, text, before: position, count: count, lowest), start < best {
                    best = start
                }
            }
        }
        return best
    }
}

extension BodyName {
    /// Whether the first `count` bytes can end in this unit.
    func mayEnd(_ count: Int, in unit: BodyUnit) -> Bool {
        unit.value >= 0x80 || kind == .path && UInt32(bytes[count - 1]) == unit.value
            || UInt32(bytes[count - 1]) == Ascii.lowercased(unit.value)
    }
}
