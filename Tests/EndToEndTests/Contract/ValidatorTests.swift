import Testing

extension ContractTests {
    @Suite("Entity tags")
    struct ValidatorTests {
        @Test(
            "An answer has an ETag, and If-None-Match with it is 304 without a body",
            arguments: [
                "/api/users/1", "/api/users/1/posts", "/api/posts", "/api/posts?limit=2", "/api/posts?limit=0",
                "/api/comments", "/api/comments/1", "/api/comments/1/2",
            ])
        func notModified(_ target: String) throws {
            let client = try Client(port: SharedSystem.system.port)
            let first = try client.request("GET", target)
            let tag = try #require(first["ETag"].first)
            #expect(first["ETag"].count == 1)
            #expect(tag.wholeMatch(of: /"[!#-~]+"/) != nil)
            for condition in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                for method in ["GET", "HEAD"] {
                    let second = try client.request(method, target, fields: ["If-None-Match: \(condition)"])
                    #expect(second.status == 304)
                    #expect(second["ETag"] == [tag])
                    #expect(second.body.isEmpty)
                }
            }
            let other = try client.request("GET", target, fields: ["If-None-Match: \"other\""])
            #expect(other.status == 200)
            #expect(other.body == first.body)
        }

        @Test("Different bodies have different tags")
        func different() throws {
            let system = try SharedSystem.system
            let tags = try (0...4).flatMap { try system.request("GET", "/api/posts?limit=\($0)")["ETag"] }
            #expect(Set(tags).count == 5)
        }

        @Test("The list of users has one too, for those with a token alone")
        func users() throws {
            let system = try SharedSystem.system
            let authorization = "Authorization: Bearer \(try system.token())"
            let first = try system.request("GET", "/api/users", fields: [authorization])
            let condition = "If-None-Match: \(try #require(first["ETag"].first))"
            #expect(try system.request("GET", "/api/users", fields: [authorization, condition]).status == 304)
            try system.request("GET", "/api/users", fields: [condition])
                .expect(401, error: "The authorization header is required")
        }

        @Test("A failed request is never 304")
        func failures() throws {
            let system = try SharedSystem.system
            for target in ["/api/users/9", "/api/nothing"] {
                #expect(try system.request("GET", target, fields: ["If-None-Match: *"]).status == 404)
            }
        }
    }
}
