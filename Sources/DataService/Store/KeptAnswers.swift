/// Answers that hold as long as the store does not change, by the query that they answer: bounded in number and bytes.
/// A pure struct; `StoreConnection` guards it and knows the store's version.
struct KeptAnswers: Sendable {
    /// Entries at most.
    static let countLimit = 1_024
    /// Bytes of all answers at most.
    static let byteLimit = 4 << 20
    /// Bytes of one answer at most: a longer one costs more to read than to look up.
    static let answerLimit = 64 << 10

    private var answers: [RecordQuery: StoredAnswer] = [:]
    private var version: Int64?
    private(set) var byteCount = 0
    var count: Int { answers.count }

    /// The answer to `query` in the store's `version`, if it was kept.
    func answer(to query: RecordQuery, version: Int64) -> StoredAnswer? {
        version == self.version ? answers[query] : nil
    }

    /// - Parameter version: the store's version *before* `answer` was read. If the store has changed meanwhile, the
    ///   next look-up names a later version and does not find this answer.
    mutating func keep(_ answer: StoredAnswer, to query: RecordQuery, version: Int64) {
        guard answer.byteCount <= Self.answerLimit else { return }
        if version != self.version || count >= Self.countLimit || byteCount + answer.byteCount > Self.byteLimit {
            answers.removeAll(keepingCapacity: true)
            byteCount = 0
            self.version = version
        }
        byteCount += answer.byteCount - (answers[query]?.byteCount ?? 0)
        answers[query] = answer
    }
}

/// What the store says to a query.
enum StoredAnswer: Equatable, Sendable {
    /// JSON, as it is to leave.
    case found([UInt8])
    /// There is no such record.
    case absent
    /// The beginning of a list that is too long to be gathered, and what reads the rest of it. Never kept.
    case long([UInt8], rest: RecordSlices)

    /// Long lists are not compared: none is the same as another.
    static func == (one: StoredAnswer, other: StoredAnswer) -> Bool {
        switch (one, other) {
        case (.found(let bytes), .found(let others)): bytes == others
        case (.absent, .absent): true
        default: false
        }
    }

    var byteCount: Int {
        if case .found(let bytes) = self { bytes.count } else { 0 }
    }
}
