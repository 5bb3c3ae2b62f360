/// Names to be found by their bytes, ASCII letters compared without case: fields, hosts. An open-addressed table that is
/// filled at load and never after, so that a client can neither make it collide nor make it grow.
package struct FoldedNameTable: Sendable {
    private struct Slot: Sendable {
        var name: Int32 = -1
        var hash: UInt64 = 0
    }

    private var slots: [Slot]
    /// In lower case, one after the other; the name `i` is `text[starts[i]..<starts[i + 1]]`.
    private var text: [UInt8] = []
    private var starts: [Int] = [0]
    /// Bit `n` for a name of `n` bytes, the last for all longer ones: most of what is asked for is none of the names,
    /// and has another length.
    private var lengths: UInt64 = 0
    private var longest = 0

    /// - Parameter names: of two that are the same the first counts.
    package init(_ names: [[UInt8]]) {
        var capacity = 2
        while capacity < names.count * 2 { capacity *= 2 }
        slots = Array(repeating: Slot(), count: capacity)
        for (index, name) in names.enumerated() {
            let folded = name.map(Self.fold)
            text += folded
            starts.append(text.count)
            lengths |= Self.bit(name.count)
            longest = max(longest, name.count)
            var hash = Self.basis
            for byte in folded { hash = Self.step(hash, byte) }
            var place = Self.place(hash, capacity)
            while slots[place].name >= 0 { place = (place + 1) & (capacity - 1) }
            slots[place] = Slot(name: Int32(index), hash: hash)
        }
    }

    package var isEmpty: Bool { longest == 0 }

    /// The place among the names of the one that stands in `range` of `bytes`; nil for none.
    package func index(of bytes: RawSpan, _ range: Range<Int>) -> Int? {
        guard lengths & Self.bit(range.count) != 0, range.count <= longest else { return nil }
        var hash = Self.basis
        for index in range { hash = Self.step(hash, Self.fold(bytes.byte(index))) }
        var place = Self.place(hash, slots.count)
        // There are twice as many slots as names: one is empty.
        while slots[place].name >= 0 {
            if slots[place].hash == hash, isEqual(Int(slots[place].name), bytes, range) {
                return Int(slots[place].name)
            }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isEqual(_ name: Int, _ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard starts[name + 1] - starts[name] == range.count else { return false }
        for offset in 0..<range.count
        where text[starts[name] + offset] != Self.fold(bytes.byte(range.lowerBound + offset)) {
            return false
        }
        return true
    }

    // FNV-1a.
    private static let basis: UInt64 = 0xCBF2_9CE4_8422_2325
    @inline(__always) private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    private static func place(_ hash: UInt64, _ capacity: Int) -> Int {
        Int(truncatingIfNeeded: hash ^ hash >> 32) & (capacity - 1)
    }
    private static func bit(_ length: Int) -> UInt64 { 1 &<< UInt64(min(length, 63)) }
    @inline(__always) private static func fold(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 32 : byte
    }
}
