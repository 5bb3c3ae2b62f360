/// The pieces of a list, asked for one after the other from tasks that follow each other.
actor RecordStream {
    private var slices: RecordSlices

    init(_ slices: RecordSlices) {
        self.slices = slices
    }

    /// The next piece; nil after the last.
    func next() async throws(StoreError) -> [UInt8]? {
        var slices = self.slices
        let piece = try await slices.next()
        self.slices = slices
        return piece
    }
}
