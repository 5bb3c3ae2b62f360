import Shared
import Testing

@testable import DataService

@Suite("The tutorial's API")
struct TutorialAPITests {
    typealias Answer = TestService.Answer
    private let service: TestService

    init() throws { service = try TestService() }

    private let notFound = Answer(404, #"{"error":"Not found"}"#)
    private let badLimit = Answer(400, #"{"error":"limit must be a whole number from 0 up"}"#)

    private static let post1 = #"{"id":1,"userId":1,"text":"Hello, World!"}"#
    private static let post2 = #"{"id":2,"userId":2,"text":"Hello, NextJS"}"#
    private static let post3 = #"{"id":3,"userId":1,"text":"Lorem ipsum dolor sit amet. "}"#
    private static let post4 =
        #"{"id":4,"userId":3,"text":"Lorem ipsum dolor sit amet, consectetur adipiscing elit. "#
        + #"Curabitur ut rhoncus neque. Sed lacinia magna a mi tincidunt, ac interdum."}"#
    private static let allPosts = "[\(post1),\(post2),\(post3),\(post4)]"
    private static let comments = [
        #"{"id":1,"postId":1,"userId":2,"text":"Hi there!"}"#,
        #"{"id":2,"postId":1,"userId":3,"text":"Lorem ipsum"}"#,
        #"{"id":3,"postId":2,"userId":1,"text":"Nulla bibendum risus sed vestibulum lobortis. Fusce."}"#,
        #"{"id":4,"postId":2,"userId":1,"text":"In ut nulla vitae dolor scelerisque lacinia. "}"#,
        #"{"id":5,"postId":2,"userId":1,"text":"Praesent semper enim eu ligula rutrum finibus."}"#,
    ]

    @Test("the list of users shows an empty password last")
    func users() async throws {
        let expected = """
            [{"id":1,"username":"bob","name":"Bob","location":"USA","password":""},\
            {"id":2,"username":"alice","name":"Alice","location":"Sweden","password":""},\
            {"id":3,"username":"john","name":"John","location":"France","password":""}]
            """
        #expect(try await service.get("/api/users") == Answer(200, expected))
    }

    @Test("one user shows no password")
    func user() async throws {
        let john = Answer(200, #"{"id":3,"username":"john","name":"John","location":"France"}"#)
        for id in ["3", "03", " 3", "0x3", "3.0"] {
            #expect(try await service.get("/api/users/[id]", parameters("id", id)) == john)
        }
    }

    @Test("an unknown user is not found", arguments: ["9", "0", "-1", "bob", "3.5", "1e999", "%", "9007199254740993"])
    func unknownUser(id: String) async throws {
        #expect(try await service.get("/api/users/[id]", parameters("id", id)) == notFound)
        #expect(try await service.get("/api/users/[id]/posts", parameters("id", id)) == notFound)
    }

    @Test("a path parameter beats a query parameter of the same name")
    func pathBeatsQuery() async throws {
        let bob = Answer(200, #"{"id":1,"username":"bob","name":"Bob","location":"USA"}"#)
        #expect(try await service.get("/api/users/[id]", "/api/users/1?id=3", parameters("id", "1")) == bob)
        let first = Answer(200, "[\(Self.comments[0])]")
        let target = "/api/comments/1/2?ids=2&ids=1"
        #expect(try await service.get("/api/comments/[[...ids]]", target, [("ids", ["1", "2"])]) == first)
    }

    @Test("a user's posts are that user's alone")
    func postsOfUser() async throws {
        let bobs = Answer(200, "[\(Self.post1),\(Self.post3)]")
        #expect(try await service.get("/api/users/[id]/posts", parameters("id", "1")) == bobs)
    }

    @Test("a user without posts has an empty list")
    func noPosts() async throws {
        try await service.store.write("INSERT INTO users VALUES (7, 'eve', 'Eve', 'Malta')")
        #expect(try await service.get("/api/users/[id]/posts", parameters("id", "7")) == Answer(200, "[]"))
    }

    @Test(
        "posts end at the limit",
        arguments: [
            ("/api/posts", allPosts),
            ("/api/posts?limit=2", "[\(post1),\(post2)]"),
            ("/api/posts?limit=002", "[\(post1),\(post2)]"),
            ("/api/posts?limit=0", "[]"),
            ("/api/posts?limit=4", allPosts),
            ("/api/posts?limit=5", allPosts),
            ("/api/posts?limit=9223372036854775807", allPosts),
            ("/api/posts?limit=9223372036854775808", allPosts),
            ("/api/posts?limit=99999999999999999999999999999999999999999999", allPosts),
            ("/api/posts?other=x", allPosts),
        ])
    func posts(target: String, expected: String) async throws {
        #expect(try await service.get("/api/posts", target) == Answer(200, expected))
    }

    @Test(
        "a limit that is no whole number from 0 up, or is given twice, is refused",
        arguments: [
            "limit=", "limit", "limit=-1", "limit=+1", "limit=-0", "limit=1.0", "limit=1e1", "limit=0x1", "limit=a",
            "limit=1,2", "limit=NaN", "limit=1&limit=1", "limit=1&limit=2", "limit=&limit=1", "limit=٣",
        ])
    func badLimits(query: String) async throws {
        #expect(try await service.get("/api/posts", "/api/posts?" + query) == badLimit)
    }

    @Test("comments by no parameter, by post, by post and user")
    func comments() async throws {
        let pattern = "/api/comments/[[...ids]]"
        func answer(_ indices: Int...) -> Answer {
            Answer(200, "[" + indices.map { Self.comments[$0 - 1] }.joined(separator: ",") + "]")
        }
        #expect(try await service.get(pattern) == answer(1, 2, 3, 4, 5))
        #expect(try await service.get(pattern, [("ids", [])]) == answer(1, 2, 3, 4, 5))
        #expect(try await service.get(pattern, [("ids", ["1"])]) == answer(1, 2))
        #expect(try await service.get(pattern, [("ids", ["1", "2"])]) == answer(1))
        #expect(try await service.get(pattern, [("ids", ["2", "0x1"])]) == answer(3, 4, 5))
        #expect(try await service.get(pattern, [("ids", ["9"])]) == answer())
        #expect(try await service.get(pattern, [("ids", ["foo"])]) == answer())
        #expect(try await service.get(pattern, [("ids", ["1", "foo"])]) == answer())
        #expect(try await service.get(pattern, [("ids", ["foo", "1"])]) == answer())
    }

    @Test("without path parameters the query's `ids` count from two on, as the tutorial's handler has it")
    func commentsByQuery() async throws {
        let pattern = "/api/comments/[[...ids]]"
        let all = Answer(200, "[" + Self.comments.joined(separator: ",") + "]")
        #expect(try await service.get(pattern, "/api/comments?ids=1") == all)
        #expect(try await service.get(pattern, "/api/comments?ids=1&ids=2") == Answer(200, "[\(Self.comments[0])]"))
    }

    @Test("three comment parameters or more are refused")
    func tooManyParameters() async throws {
        let refused = Answer(400, #"{"error":"There cannot be more than two parameters "}"#)
        let pattern = "/api/comments/[[...ids]]"
        #expect(try await service.get(pattern, [("ids", ["1", "2", "3"])]) == refused)
        #expect(try await service.get(pattern, [("ids", ["a", "b", "c", "d"])]) == refused)
    }

    @Test("a healthy store says ok")
    func health() async throws {
        #expect(try await service.get("/healthz") == Answer(200, #"{"status":"ok"}"#))
        #expect(service.events.all.isEmpty)
    }

    @Test("every endpoint is GET, on exactly the contract's patterns")
    func table() {
        #expect(throws: Never.self) { try ServiceRoutes(service.endpoints) }
        #expect(service.endpoints.allSatisfy { $0.method == .get })
        let patterns = [
            "/api/users", "/api/users/[id]", "/api/users/[id]/posts", "/api/posts", "/api/comments/[[...ids]]",
            "/healthz",
        ]
        #expect(service.endpoints.map(\.pattern) == patterns)
    }

    private func parameters(_ name: String, _ value: String) -> [(String, [String])] { [(name, [value])] }
}

extension TestService {
    func get(_ pattern: String, _ parameters: [(String, [String])]) async throws -> Answer {
        try await get(pattern, "/", parameters)
    }
}
