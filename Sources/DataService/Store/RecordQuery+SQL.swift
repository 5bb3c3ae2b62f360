import GRDB

// SQLite writes the JSON itself: no object is built for a row. `json_object` escapes strings as ECMAScript's
// JSON.stringify does (a test holds both against the same vectors).

extension RecordQuery {
    /// `{"id":…}` of one user; nil if there is none.
    static func user(_ id: Int64, in database: Database) throws -> [UInt8]? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT json_object('id', id, 'username', username, 'name', name, 'location', location)
                FROM users WHERE id = ?
                """)
        return try String.fetchOne(statement, arguments: [id]).map { Array($0.utf8) }
    }
}

extension RecordList {
    /// Some rows of a list.
    struct Slice: Sendable {
        /// `{…},{…}`: the rows without the brackets around them.
        let rows: Substring.UTF8View
        let count: Int64
        /// Where the next slice goes on.
        let lastID: Int64
    }

    /// Up to `count` rows with ids above `after`.
    ///
    /// - Returns: nil if the list itself is not there (the posts of an unknown user).
    func slice(after: Int64, count: Int64, in database: Database) throws -> Slice? {
        if case .postsOfUser(let id) = self {
            let statement = try database.cachedStatement(sql: "SELECT 1 FROM users WHERE id = ?")
            guard try Int.fetchOne(statement, arguments: [id]) != nil else { return nil }
        }
        let statement = try database.cachedStatement(sql: sql)
        let arguments = StatementArguments([after, count]) + filter
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        let array: String = row[2]
        return Slice(rows: array.utf8.dropFirst().dropLast(), count: row[0], lastID: row[1])
    }

    /// Columns: the number of rows, the last id, the rows as a JSON array. Parameters: ?1 after, ?2 count, the filter.
    var sql: String {
        switch self {
        case .users:
            Self.sql(Self.userObject, columns: "id, username, name, location", from: "users WHERE id > ?1")
        case .posts:
            Self.sql(Self.postObject, columns: "id, userId, text", from: "posts WHERE id > ?1")
        case .postsOfUser:
            Self.sql(Self.postObject, columns: "id, userId, text", from: "posts WHERE id > ?1 AND userId = ?3")
        case .comments:
            Self.sql(Self.commentObject, columns: "id, postId, userId, text", from: "comments WHERE id > ?1")
        case .commentsOfPost(_, let user):
            Self.sql(
                Self.commentObject, columns: "id, postId, userId, text",
                from: "comments WHERE id > ?1 AND postId = ?3" + (user == nil ? "" : " AND userId = ?4"))
        }
    }

    var filter: StatementArguments {
        switch self {
        case .users, .posts, .comments: []
        case .postsOfUser(let id), .commentsOfPost(let id, user: nil): [id]
        case .commentsOfPost(let post, let user?): [post, user]
        }
    }

    /// The inner SELECT orders and ends by the index; the outer one folds its rows in the order in which they come.
    private static func sql(_ object: String, columns: String, from source: String) -> String {
        """
        SELECT count(*), ifnull(max(id), 0), json_group_array(\(object))
        FROM (SELECT \(columns) FROM \(source) ORDER BY id LIMIT ?2)
        """
    }

    /// The tutorial's list of users shows a password, always empty.
    private static let userObject =
        "json_object('id', id, 'username', username, 'name', name, 'location', location, 'password', '')"
    private static let postObject = "json_object('id', id, 'userId', userId, 'text', text)"
    private static let commentObject = "json_object('id', id, 'postId', postId, 'userId', userId, 'text', text)"
}
