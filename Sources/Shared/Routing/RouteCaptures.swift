/// Which segments of a path are the parameters of the route that it matched. Keep one and match into it again and
/// again: its storage is reused.
package struct RouteCaptures: Sendable {
    package struct Entry: Sendable, Equatable {
        /// In `RouteTree.parameterNames`.
        package let name: Int
        package let firstSegment: Int
        /// 1 for `[name]`, 1 or more for `[...name]`, 0 or more for `[[...name]]`.
        package let count: Int

        /// The segments, to be asked of the path that was matched.
        package var segments: Range<Int> { firstSegment..<(firstSegment + count) }
    }

    /// From left to right.
    package private(set) var entries: [Entry] = []

    package init() {}

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    mutating func append(_ entry: Entry) { entries.append(entry) }
}
