package import Logging

/// What a process has counted since it began: names and numbers, in the order in which they were first added. Of
/// several loops each adds its own.
package struct Tally: Sendable {
    package private(set) var entries: [(name: String, value: UInt64)] = []

    package init() {}

    /// 0 for what was never counted.
    package subscript(name: String) -> UInt64 { entries.first { $0.name == name }?.value ?? 0 }

    /// The sum of all whose names begin with `prefix`.
    package func sum(of prefix: String) -> UInt64 {
        entries.reduce(0) { $1.name.hasPrefix(prefix) ? $0 &+ $1.value : $0 }
    }

    package mutating func add(_ name: String, _ value: UInt64) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index].value &+= value
        } else {
            entries.append((name, value))
        }
    }

    mutating func add(_ other: Tally) {
        for (name, value) in other.entries { add(name, value) }
    }

    mutating func add(_ hits: LimitHits) {
        add("limits.request_line", hits.requestLines)
        add("limits.field", hits.fields)
        add("limits.fields", hits.fieldCounts)
        add("limits.head", hits.heads)
        add("limits.head_deadline", hits.slowHeads)
        add("limits.body_rate", hits.slowBodies)
        add("limits.write_rate", hits.slowReaders)
        add("closed.idle", hits.idle)
        add("closed.requests", hits.requests)
        add("malformed", hits.malformed)
    }

    mutating func add(_ refusals: ConnectionQuota.Refusals) {
        add("limits.connections", refusals.full)
        add("limits.connections_per_client", refusals.clientFull)
    }

    /// The end of a status line: what an operator of a server wants to know of, and nothing where there is nothing.
    var troubles: String {
        let refused = self["limits.connections"] &+ self["limits.connections_per_client"]
        let parts = [
            (refused, "connections refused"), (sum(of: "limits.") &- refused, "limits met"),
            (self["malformed"], "malformed messages"),
        ]
        return parts.map { $0.0 > 0 ? ", \($0.0) \($0.1)" : "" }.joined()
    }

    /// For one line of the log.
    package var metadata: Logger.Metadata {
        Logger.Metadata(entries.map { ($0.name, "\($0.value)") }, uniquingKeysWith: { $1 })
    }
}

/// The tallies of several loops, as they come.
final class TallyCollection: Sendable {
    private let state: Guarded<(tally: Tally, missing: Int)>

    init(_ count: Int) { state = Guarded((Tally(), count)) }

    /// The sum, with the last one.
    func add(_ tally: Tally) -> Tally? {
        state.withLock { state in
            state.tally.add(tally)
            state.missing -= 1
            return state.missing == 0 ? state.tally : nil
        }
    }
}
