/// The static children of all nodes of a tree: one flat open-addressed table from (node, segment) to the child.
///
/// It is filled at load and never after, so a client can neither make it collide nor make it grow; whatever
/// a client asks for, no look-up reads more slots than `longestProbe` nor hashes more bytes than the longest segment
/// in the table has.
package struct SegmentTable: Sendable {
    /// A fill whose longest probe is longer than this is tried again with another seed.
    static let acceptableProbe = 16

    private struct Slot: Sendable {
        var parent: Int32 = -1
        var child: Int32 = -1
        var hash: UInt32 = 0
        var start: Int32 = 0
        var count: Int32 = 0
    }

    private var slots = [Slot()]
    private var text: [UInt8] = []
    private var seed: UInt64
    private var longestSegment = 0
    /// The greatest number of slots that a look-up reads.
    private(set) var longestProbe = 0

    /// A table of `segment` below `parent`; the seed is mixed into the hashes.
    package init(_ entries: [(parent: Int, segment: [UInt8], child: Int)], seed: UInt64) {
        self.seed = seed
        var capacity = 1
        while capacity < entries.count * 2 { capacity *= 2 }
        // A seed that clusters is rare, and a third size for a set that resists is rarer still.
        for attempt in 0..<24 {
            if attempt > 0 { self.seed = Self.mix(self.seed &+ 1) }
            if attempt % 8 == 7 { capacity *= 2 }
            fill(entries, capacity: capacity)
            if longestProbe <= Self.acceptableProbe { return }
        }
    }

    private mutating func fill(_ entries: [(parent: Int, segment: [UInt8], child: Int)], capacity: Int) {
        slots = Array(repeating: Slot(), count: capacity)
        text = []
        longestProbe = 0
        for entry in entries {
            let hash = Self.hash(entry.segment, entry.segment.indices, parent: Int32(entry.parent), seed: seed)
            var index = Int(hash) & (capacity - 1)
            var probe = 1
            while slots[index].parent >= 0 {
                index = (index + 1) & (capacity - 1)
                probe += 1
            }
            slots[index] = Slot(
                parent: Int32(entry.parent), child: Int32(entry.child), hash: hash, start: Int32(text.count),
                count: Int32(entry.segment.count))
            text += entry.segment
            longestProbe = max(longestProbe, probe)
            longestSegment = max(longestSegment, entry.segment.count)
        }
    }

    /// The child of `parent` whose segment is `bytes[range]`, nil if there is none.
    package func child(of parent: Int32, _ bytes: [UInt8], _ range: Range<Int>) -> Int32? {
        guard range.count <= longestSegment else { return nil }
        let hash = Self.hash(bytes, range, parent: parent, seed: seed)
        var index = Int(hash) & (slots.count - 1)
        for _ in 0..<longestProbe {
            let slot = slots[index]
            if slot.parent < 0 { return nil }
            if slot.hash == hash, slot.parent == parent, isEqual(slot, bytes, range) { return slot.child }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isEqual(_ slot: Slot, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard Int(slot.count) == range.count else { return false }
        for offset in 0..<range.count where text[Int(slot.start) + offset] != bytes[range.lowerBound + offset] {
            return false
        }
        return true
    }

    /// FNV-1a, begun with the seed and the node, its bits then mixed so that the low ones serve as the index.
    private static func hash(_ bytes: [UInt8], _ range: Range<Int>, parent: Int32, seed: UInt64) -> UInt32 {
        var hash = 0xCBF2_9CE4_8422_2325 ^ seed ^ (UInt64(UInt32(bitPattern: parent)) &* 0x9E37_79B9_7F4A_7C15)
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        return UInt32(truncatingIfNeeded: mix(hash))
    }

    /// The finaliser of MurmurHash3 for 64 bits.
    private static func mix(_ value: UInt64) -> UInt64 {
        var value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        value = (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return value ^ (value >> 33)
    }
}
