import Testing

@testable import Shared

@Suite("The table of static segments")
struct SegmentTableTests {
    private func entries(_ count: Int) -> [(parent: Int, segment: [UInt8], child: Int)] {
        (0..<count).map { (parent: $0 % 7, segment: Array("segment-\($0)".utf8), child: $0 + 7) }
    }

    @Test("finds every entry, and only below its own node", arguments: [0, 1, 2, 3, 100, 5_000])
    func finds(count: Int) {
        let entries = entries(count)
        let table = SegmentTable(entries, seed: 0)
        for entry in entries {
            let child = table.child(of: Int32(entry.parent), entry.segment, entry.segment.indices)
            #expect(child == Int32(entry.child))
            #expect(table.child(of: Int32(entry.parent + 1), entry.segment, entry.segment.indices) == nil)
            #expect(table.child(of: Int32(entry.parent), entry.segment, 0..<entry.segment.count - 1) != child)
        }
        #expect(table.child(of: 0, Array("segment".utf8), 0..<7) == nil)
        #expect(table.child(of: 0, [], 0..<0) == nil)
    }

    @Test("reads few slots for any segment, whatever the seed")
    func probes() {
        let entries = entries(5_000)
        for seed in UInt64(0)..<20 {
            #expect(SegmentTable(entries, seed: seed).longestProbe <= SegmentTable.acceptableProbe)
        }
    }
}
