import Testing

extension ContractTests {
    @Suite("Data")
    struct DataTests {
        static let rows: [ContractRow] = [
            ContractRow("/api/users/1", 200, #"{"id":1,"username":"bob","name":"Bob","location":"USA"}"#),
            ContractRow("/api/users/2", 200, #"{"id":2,"username":"alice","name":"Alice","location":"Sweden"}"#),
            ContractRow("/api/users/3", 200, #"{"id":3,"username":"john","name":"John","location":"France"}"#),
            .error("/api/users/9", 404, "Not found"),
            .error("/api/users/bob", 404, "Not found"),
            ContractRow("/api/users/1/posts", 200, Seed.list(Seed.posts, [1, 3])),
            ContractRow("/api/users/2/posts", 200, Seed.list(Seed.posts, [2])),
            ContractRow("/api/users/3/posts", 200, Seed.list(Seed.posts, [4])),
            .error("/api/users/9/posts", 404, "Not found"),
            ContractRow("/api/posts", 200, Seed.allPosts),
            ContractRow("/api/posts?limit=2", 200, Seed.list(Seed.posts, [1, 2])),
            ContractRow("/api/posts?limit=0", 200, "[]"),
            ContractRow("/api/posts?limit=4", 200, Seed.allPosts),
            ContractRow("/api/posts?limit=100", 200, Seed.allPosts),
            ContractRow("/api/posts?other=1", 200, Seed.allPosts),
            .error("/api/posts?limit=", 400, "limit must be a whole number from 0 up"),
            .error("/api/posts?limit=-1", 400, "limit must be a whole number from 0 up"),
            .error("/api/posts?limit=+1", 400, "limit must be a whole number from 0 up"),
            .error("/api/posts?limit=1.5", 400, "limit must be a whole number from 0 up"),
            .error("/api/posts?limit=two", 400, "limit must be a whole number from 0 up"),
            .error("/api/posts?limit=1&limit=1", 400, "limit must be a whole number from 0 up"),
            ContractRow("/api/comments", 200, Seed.allComments),
            ContractRow("/api/comments/1", 200, Seed.list(Seed.comments, [1, 2])),
            ContractRow("/api/comments/2", 200, Seed.list(Seed.comments, [3, 4, 5])),
            ContractRow("/api/comments/9", 200, "[]"),
            ContractRow("/api/comments/1/2", 200, Seed.list(Seed.comments, [1])),
            ContractRow("/api/comments/2/1", 200, Seed.list(Seed.comments, [3, 4, 5])),
            ContractRow("/api/comments/1/9", 200, "[]"),
            .error("/api/comments/1/2/3", 400, "There cannot be more than two parameters "),
            .error("/api/comments/1/2/3/4", 400, "There cannot be more than two parameters "),
        ]

        @Test("A row of the contract is answered to the byte", arguments: rows)
        func row(_ row: ContractRow) throws {
            try SharedSystem.system.request("GET", row.target).expect(row.status, row.body)
        }

        @Test("HEAD answers as GET does, without the body", arguments: rows)
        func head(_ row: ContractRow) throws {
            let client = try Client(port: SharedSystem.system.port)
            let get = try client.request("GET", row.target)
            let head = try client.request("HEAD", row.target)
            // A body that followed the head would be read as the next response.
            let next = try client.request("GET", "/api/posts")
            #expect(head.start == get.start)
            #expect(head.fields.filter { $0.name != "Date" } == get.fields.filter { $0.name != "Date" })
            #expect(head["Content-Length"] == ["\(row.body.utf8.count)"])
            next.expect(200, Seed.allPosts)
        }

        @Test("A password hash is in no answer", arguments: ["/api/users/1", "/api/users/2", "/api/users/3"])
        func noHash(_ target: String) throws {
            let message = try SharedSystem.system.request("GET", target)
            #expect(!message.text.contains("password"))
            #expect(!message.text.contains("$2"))
        }

        @Test(
            "Another method is 405, and Allow says which are taken",
            arguments: ["/api/users/1", "/api/users/1/posts", "/api/posts", "/api/comments", "/api/comments/1/2"],
            ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"])
        func method(_ target: String, _ method: String) throws {
            let message = try SharedSystem.system.request(method, target)
            message.expect(405, error: "Method not allowed")
            #expect(message["Allow"] == ["GET, HEAD"])
        }

        @Test(
            "Any other path is 404",
            arguments: [
                "/", "/api", "/api/post", "/api/posts/1", "/api/posts.json", "/API/posts", "/api/auth/1",
                "/api/users/1/comments", "/api/users/1/posts/1", "/healthz", "/verify", "/api/users/index",
            ])
        func unknown(_ target: String) throws {
            try SharedSystem.system.request("GET", target).expect(404, error: "Not found")
        }
    }
}
