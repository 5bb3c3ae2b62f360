/// A question to the store. Two requests that ask the same have equal queries, which is how answers are kept.
enum RecordQuery: Hashable, Sendable {
    case user(id: Int64)
    case list(RecordList)
}

/// A question whose answer is an array, in the order of the ids.
enum RecordList: Hashable, Sendable {
    case users
    /// - Parameter limit: rows at most; nil for all.
    case posts(limit: Int64?)
    /// No answer at all (not an empty one) if there is no such user.
    case postsOfUser(id: Int64)
    case comments
    /// - Parameter user: who wrote it; nil for anyone.
    case commentsOfPost(id: Int64, user: Int64?)

    /// Rows at most, over all slices; nil for all.
    var limit: Int64? {
        if case .posts(let limit) = self { limit } else { nil }
    }
}
