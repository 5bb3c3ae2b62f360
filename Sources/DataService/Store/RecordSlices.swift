/// A list as JSON in pieces that can leave one after the other: memory stays flat however long the list is.
///
/// Each piece is a read of its own, so a slow client holds no transaction open. Rows that are added, changed or
/// removed meanwhile may show or not; none shows twice, because the ids only grow.
struct RecordSlices: Sendable {
    private let list: RecordList
    private let store: DataStore
    private var after: Int64 = .min
    private var isFirst = true
    private var isLast = false
    /// Whether the last piece has been read.
    var isAtEnd: Bool { isLast }
    /// Rows still wanted; nil for all.
    private var remaining: Int64?

    init(of list: RecordList, in store: DataStore) {
        self.list = list
        self.store = store
        remaining = list.limit
    }

    /// The next piece; together they are one JSON array.
    ///
    /// - Returns: nil after the last, or instead of the first if the list itself is not there.
    mutating func next() async throws(StoreError) -> [UInt8]? {
        guard !isLast else { return nil }
        let (list, after) = (list, after)
        let wanted = min(remaining ?? .max, DataStore.sliceCount)
        guard let slice = try await store.read({ try list.slice(after: after, count: wanted, in: $0) }) else {
            isLast = true
            return nil
        }
        var piece: [UInt8] = []
        piece.reserveCapacity(slice.rows.count + 2)
        if isFirst { piece.append(UInt8(ascii: "[")) }
        if !isFirst, slice.count > 0 { piece.append(UInt8(ascii: ",")) }
        piece.append(contentsOf: slice.rows)
        self.after = slice.lastID
        isFirst = false
        remaining = remaining.map { $0 - slice.count }
        if slice.count < wanted || remaining == 0 {
            isLast = true
            piece.append(UInt8(ascii: "]"))
        }
        return piece
    }
}
