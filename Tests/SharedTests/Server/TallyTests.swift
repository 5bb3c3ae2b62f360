import Testing

@testable import Shared

@Suite("What a process has counted")
struct TallyTests {
    @Test("what several loops counted is added by name, in the order of the first")
    func sum() {
        var one = Tally()
        one.add("b", 1)
        one.add("a", 2)
        var other = Tally()
        other.add("a", 40)
        other.add("c", 3)
        one.add(other)
        #expect(one.entries.map(\.name) == ["b", "a", "c"])
        #expect(one["a"] == 42)
        #expect(one["nothing"] == 0)
    }

    @Test("every limit has a name of its own")
    func limits() {
        var hits = LimitHits()
        hits.requestLines = 1
        hits.fields = 10
        hits.fieldCounts = 100
        hits.heads = 1000
        hits.slowHeads = 10_000
        hits.slowBodies = 100_000
        hits.slowReaders = 1_000_000
        var tally = Tally()
        tally.add(hits)
        tally.add(ConnectionQuota.Refusals(full: 10_000_000, clientFull: 100_000_000))
        #expect(tally.sum(of: "limits.") == 111_111_111)
        #expect(tally["limits.fields"] == 100)
        #expect(tally["limits.connections"] == 10_000_000)
    }

    @Test("a status line tells refusals, limits and nonsense, and is silent of what did not happen")
    func troubles() {
        var tally = Tally()
        tally.add("closed.idle", 9)
        #expect(tally.troubles == "")
        tally.add(ConnectionQuota.Refusals(full: 2, clientFull: 1))
        tally.add("limits.head_deadline", 4)
        tally.add("malformed", 5)
        #expect(tally.troubles == ", 3 connections refused, 4 limits met, 5 malformed messages")
    }

    @Test("the last of several tallies completes the collection")
    func collection() {
        let collection = TallyCollection(2)
        var tally = Tally()
        tally.add("a", 1)
        #expect(collection.add(tally) == nil)
        #expect(collection.add(tally)?["a"] == 2)
    }
}
