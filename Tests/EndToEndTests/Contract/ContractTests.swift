import Testing

/// The tutorial's API as a client sees it at the gateway, to the byte: all three processes, on the tutorial's own
/// configuration, as `postern up` starts them. Its suites share one system.
@Suite("The tutorial's API", .tutorialSystem)
struct ContractTests {}

/// What the tutorial's stores are seeded with, as JSON.
enum Seed {
    static let users = [
        #"{"id":1,"username":"bob","name":"Bob","location":"USA","password":""}"#,
        #"{"id":2,"username":"alice","name":"Alice","location":"Sweden","password":""}"#,
        #"{"id":3,"username":"john","name":"John","location":"France","password":""}"#,
    ]

    static let posts = [
        #"{"id":1,"userId":1,"text":"Hello, World!"}"#,
        #"{"id":2,"userId":2,"text":"Hello, NextJS"}"#,
        #"{"id":3,"userId":1,"text":"Lorem ipsum dolor sit amet. "}"#,
        #"{"id":4,"userId":3,"text":"Lorem ipsum dolor sit amet, consectetur adipiscing elit. "#
            + #"Curabitur ut rhoncus neque. Sed lacinia magna a mi tincidunt, ac interdum."}"#,
    ]

    static let comments = [
        #"{"id":1,"postId":1,"userId":2,"text":"Hi there!"}"#,
        #"{"id":2,"postId":1,"userId":3,"text":"Lorem ipsum"}"#,
        #"{"id":3,"postId":2,"userId":1,"text":"Nulla bibendum risus sed vestibulum lobortis. Fusce."}"#,
        #"{"id":4,"postId":2,"userId":1,"text":"In ut nulla vitae dolor scelerisque lacinia. "}"#,
        #"{"id":5,"postId":2,"userId":1,"text":"Praesent semper enim eu ligula rutrum finibus."}"#,
    ]

    /// A JSON list of the rows with these numbers, from 1 on.
    static func list(_ rows: [String], _ numbers: [Int]) -> String {
        "[" + numbers.map { rows[$0 - 1] }.joined(separator: ",") + "]"
    }

    static var allUsers: String { list(users, [1, 2, 3]) }
    static var allPosts: String { list(posts, [1, 2, 3, 4]) }
    static var allComments: String { list(comments, [1, 2, 3, 4, 5]) }
}

/// One row of the contract: a request without a token or a body, and its answer.
struct ContractRow: Sendable, CustomTestStringConvertible {
    let target: String
    let status: Int
    let body: String

    init(_ target: String, _ status: Int = 200, _ body: String) {
        self.target = target
        self.status = status
        self.body = body
    }

    static func error(_ target: String, _ status: Int, _ message: String) -> ContractRow {
        ContractRow(target, status, #"{"error":"\#(message)"}"#)
    }

    var testDescription: String { "\(target) is \(status)" }
}
