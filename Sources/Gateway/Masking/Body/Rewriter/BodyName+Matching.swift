/// Comparing a name with a text, unit by unit.
extension BodyName {
    enum Step { case mismatch, cut, end(Int) }

    /// Where the name begins of which `count` bytes stand before `end`; nil where they do not.
    func begins(_ bytes: RawSpan, before end: Int, count: Int, floor: Int) -> Int? {
        var position = end
        var left = count
        while left > 0 {
            guard position > floor else { return nil }
            // Most letters are plain, and cannot be the end of an escape that is another letter.
            let unit = BodyUnit.previous(bytes, position, floor)
            let taken = last(left, unit)
            guard taken > 0 else { return nil }
            left -= taken
            position = unit.start
        }
        return position
    }

    /// Where the name ends whose byte `place` begins at `start`.
    func ends(_ bytes: RawSpan, from start: Int, at place: Int, isLast: Bool) -> Step {
        var position = start
        var place = place
        while place < self.bytes.count {
            guard position < bytes.byteCount else { return isLast ? .mismatch : .cut }
            let unit = BodyUnit.next(bytes, position)
            if unit.isCut && !isLast { return .cut }
            let taken = first(place, unit)
            guard taken > 0 else { return .mismatch }
            place += taken
            position = unit.end
        }
        return .end(position)
    }

    /// How many bytes of the name, from `place` on, a unit stands for; 0 for none.
    @inline(__always) private func first(_ place: Int, _ unit: BodyUnit) -> Int {
        if unit.value < 0x80 || !unit.isScalar {
            return isSame(UInt32(bytes[place]), unit.value) ? 1 : 0
        }
        let count = Self.scalarLength(bytes[place])
        guard count > 1, place + count <= bytes.count, scalar(place, count) == unit.value else { return 0 }
        return count
    }

    /// How many of the first `count` bytes of the name, from their end, a unit stands for; 0 for none.
    @inline(__always) private func last(_ count: Int, _ unit: BodyUnit) -> Int {
        if unit.value < 0x80 || !unit.isScalar {
            return isSame(UInt32(bytes[count - 1]), unit.value) ? 1 : 0
        }
        var place = count - 1
        while place > 0, bytes[place] & 0xC0 == 0x80 { place -= 1 }
        guard count - place > 1, scalar(place, count - place) == unit.value else { return 0 }
        return count - place
    }

    @inline(__always) private func isSame(_ own: UInt32, _ other: UInt32) -> Bool {
        own == other || (kind != .path && own == Ascii.lowercased(other))
    }

    private static func scalarLength(_ byte: UInt8) -> Int {
        switch byte {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }

    private func scalar(_ place: Int, _ count: Int) -> UInt32 {
        var value = UInt32(bytes[place]) & (0xFF >> UInt32(count + 1))
        for index in place + 1..<place + count { value = value << 6 | UInt32(bytes[index] & 0x3F) }
        return value
    }
}
