import Testing

extension ContractTests {
    @Suite("Paths and queries")
    struct PathTests {
        @Test(
            "A slash at the end is 308 to the path without it, the query kept",
            arguments: [
                ("GET", "/api/posts/", "/api/posts"),
                ("GET", "/api/posts/?limit=2", "/api/posts?limit=2"),
                ("GET", "/api/posts/?limit=1&a=%20+b&c", "/api/posts?limit=1&a=%20+b&c"),
                ("GET", "/api/posts/?", "/api/posts?"),
                ("POST", "/api/auth/", "/api/auth"),
                ("GET", "/api/users/", "/api/users"),
                ("GET", "/api/comments/1%2F2/", "/api/comments/1%2F2"),
                ("HEAD", "/api/posts/", "/api/posts"),
            ])
        func trailingSlash(_ method: String, _ target: String, _ location: String) throws {
            let message = try SharedSystem.system.request(method, target)
            #expect(message.status == 308)
            #expect(message["Location"] == [location])
            #expect(message.body.isEmpty)
        }

        @Test(
            "A path parameter beats a query parameter of the same name",
            arguments: [
                ContractRow("/api/users/3?id=1", 200, #"{"id":3,"username":"john","name":"John","location":"France"}"#),
                .error("/api/users/9?id=1", 404, "Not found"),
                ContractRow("/api/users/2/posts?id=1", 200, Seed.list(Seed.posts, [2])),
                ContractRow("/api/comments/1?ids=2&ids=1", 200, Seed.list(Seed.comments, [1, 2])),
                ContractRow("/api/comments/1/2?ids=2&ids=1", 200, Seed.list(Seed.comments, [1])),
            ])
        func pathBeatsQuery(_ row: ContractRow) throws {
            try SharedSystem.system.request("GET", row.target).expect(row.status, row.body)
        }

        @Test(
            "An encoded slash is part of one value, an encoded letter is that letter",
            arguments: [
                .error("/api/users/1%2Fposts", 404, "Not found"),
                // Were it two segments, this were comment 1.
                ContractRow("/api/comments/1%2F2", 200, "[]"),
                ContractRow("/api/comments/1%2f2", 200, "[]"),
                ContractRow("/api/comments/%31/%32", 200, Seed.list(Seed.comments, [1])),
                ContractRow("/%61pi/post%73", 200, Seed.allPosts),
                ContractRow("/api/posts?%6Cimit=%32", 200, Seed.list(Seed.posts, [1, 2])),
            ])
        func escapes(_ row: ContractRow) throws {
            try SharedSystem.system.request("GET", row.target).expect(row.status, row.body)
        }

        @Test(
            "An escape that cannot be decoded is 400",
            arguments: [
                "/api/users/%", "/api/users/%2", "/api/users/%zz", "/api/users/%2x", "/api/users/%u0031",
                "/api/users/%ff", "/api/users/%c3%28", "/api/users/%ed%a0%80", "/no/such/%path",
            ])
        func badEscape(_ target: String) throws {
            try SharedSystem.system.request("GET", target).expect(400, error: "Bad request")
        }

        @Test(
            "A path that could be read in two ways is 400",
            arguments: [
                "//api/posts", "/api//posts", "/api/./posts", "/api/x/../posts", "/api/%2e%2e/posts", "/api/.%2E/posts",
                #"/api\posts"#, "/api/users/1%5Cposts", "/api/users/1%00", "/api/users/1;id=2", "/api/posts#top",
                "/api/users/\u{31}\u{7f}", "/../api/posts",
            ])
        func ambiguous(_ target: String) throws {
            try SharedSystem.system.request("GET", target).expect(400, error: "Bad request")
        }
    }
}
