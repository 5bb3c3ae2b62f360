import GRDB

/// What an empty store is filled with.
enum StoreSeed: String, Sendable, CaseIterable {
    case none
    /// The rows of the tutorial. Its accounts' passwords are the auth service's matter and are not here.
    case tutorial

    /// Fills the tables if all of them are empty. Call it in a transaction.
    func fill(_ database: Database) throws {
        guard self == .tutorial, try Self.isEmpty(database) else { return }
        for user in Self.users {
            try database.execute(
                sql: "INSERT INTO users (id, username, name, location) VALUES (?, ?, ?, ?)",
                arguments: [user.id, user.username, user.name, user.location])
        }
        for post in Self.posts {
            try database.execute(
                sql: "INSERT INTO posts (id, userId, text) VALUES (?, ?, ?)",
                arguments: [post.id, post.userId, post.text])
        }
        for comment in Self.comments {
            try database.execute(
                sql: "INSERT INTO comments (id, postId, userId, text) VALUES (?, ?, ?, ?)",
                arguments: [comment.id, comment.postId, comment.userId, comment.text])
        }
    }

    private static func isEmpty(_ database: Database) throws -> Bool {
        let sql = """
            SELECT NOT EXISTS (SELECT 1 FROM users) AND NOT EXISTS (SELECT 1 FROM posts)
                AND NOT EXISTS (SELECT 1 FROM comments)
            """
        return try Bool.fetchOne(database, sql: sql) ?? false
    }

    private static let users = [
        (id: 1, username: "bob", name: "Bob", location: "USA"),
        (id: 2, username: "alice", name: "Alice", location: "Sweden"),
        (id: 3, username: "john", name: "John", location: "France"),
    ]

    // The spaces at the end of some texts belong to them.
    private static let posts = [
        (id: 1, userId: 1, text: "Hello, World!"),
        (id: 2, userId: 2, text: "Hello, NextJS"),
        (id: 3, userId: 1, text: "Lorem ipsum dolor sit amet. "),
        (
            id: 4, userId: 3,
            text: "Lorem ipsum dolor sit amet, consectetur adipiscing elit. Curabitur ut rhoncus neque. "
                + "Sed lacinia magna a mi tincidunt, ac interdum."
        ),
    ]

    private static let comments = [
        (id: 1, postId: 1, userId: 2, text: "Hi there!"),
        (id: 2, postId: 1, userId: 3, text: "Lorem ipsum"),
        (id: 3, postId: 2, userId: 1, text: "Nulla bibendum risus sed vestibulum lobortis. Fusce."),
        (id: 4, postId: 2, userId: 1, text: "In ut nulla vitae dolor scelerisque lacinia. "),
        (id: 5, postId: 2, userId: 1, text: "Praesent semper enim eu ligula rutrum finibus."),
    ]
}
