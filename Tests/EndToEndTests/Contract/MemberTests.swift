import Testing

extension ContractTests {
    @Suite("The list of users")
    struct MemberTests {
        @Test("Without an Authorization header it is 401, with a challenge")
        func missing() throws {
            let message = try SharedSystem.system.request("GET", "/api/users")
            message.expect(401, error: "The authorization header is required")
            #expect(message["WWW-Authenticate"] == ["Bearer"])
            let empty = try SharedSystem.system.request("GET", "/api/users", fields: ["Authorization: "])
            empty.expect(401, error: "The authorization header is required")
        }

        @Test("A token from a login opens it, and no hash is in it")
        func good() throws {
            let system = try SharedSystem.system
            for username in ["bob", "alice", "john"] {
                let token = try system.token(username)
                for scheme in ["Bearer", "bearer", "BEARER"] {
                    try system.request("GET", "/api/users", fields: ["Authorization: \(scheme) \(token)"])
                        .expect(200, Seed.allUsers)
                }
            }
        }

        @Test("A token is good again and again on one connection, and others' answers do not mix in")
        func manyRequests() throws {
            let system = try SharedSystem.system
            let client = try Client(port: system.port)
            let good = ["Authorization: Bearer \(try system.token())"]
            for _ in 0..<20 {
                try client.request("GET", "/api/users", fields: good).expect(200, Seed.allUsers)
                try client.request("GET", "/api/users").expect(401, error: "The authorization header is required")
                try client.request("GET", "/api/users", fields: ["Authorization: Bearer x.y.z"])
                    .expect(401, error: "Unauthorized")
                try client.request("GET", "/api/posts", fields: good).expect(200, Seed.allPosts)
            }
        }

        @Test("The article's own token has a good signature, and is refused because it has expired")
        func article() throws {
            try expectRefusal("Bearer \(JWT.article)")
            let inspection = try RunningProgram.run(
                program: "postern",
                [
                    "token", "inspect", "--config", Project.tutorialConfiguration, "--state", "/nonexistent",
                    JWT.article,
                ], environment: Project.environment)
            #expect(inspection.status == 65)
            let text = inspection.lines.joined(separator: "\n")
            #expect(text.contains(/signature +good/))
            #expect(text.contains(/verdict +refused: .*expired/))
        }

        @Test("The article's claims with a later end are good: only the time was wrong")
        func articleProlonged() throws {
            let payload = JWT(JWT.article).payload.replacing(/"exp":\d+/, with: #""exp":4102444800"#)
            let token = try JWT.sign(header: JWT(JWT.article).header, payload: payload)
            try SharedSystem.system.request("GET", "/api/users", fields: ["Authorization: Bearer \(token)"])
                .expect(200, Seed.allUsers)
        }

        @Test("A token that does not verify is 401, with a challenge that says so", arguments: BadCredentials.all)
        func bad(_ bad: BadCredentials) throws {
            try expectRefusal(bad.make(SharedSystem.system.token()))
        }

        @Test("Two Authorization headers are 400")
        func twice() throws {
            let system = try SharedSystem.system
            let good = "Authorization: Bearer \(try system.token())"
            for pair in [[good, good], [good, "authorization: Bearer x.y.z"], ["AUTHORIZATION: Basic eDp5", good]] {
                #expect(try system.request("GET", "/api/users", fields: pair).status == 400)
            }
        }

        @Test("HEAD needs the token too")
        func head() throws {
            let system = try SharedSystem.system
            let refused = try system.request("HEAD", "/api/users")
            #expect(refused.status == 401)
            #expect(refused["WWW-Authenticate"] == ["Bearer"])
            let good = try system.request(
                "HEAD", "/api/users", fields: ["Authorization: Bearer \(try system.token())"])
            #expect(good.status == 200)
            #expect(good["Content-Length"] == ["\(Seed.allUsers.utf8.count)"])
        }

        @Test("Another method is 405 with or without a token", arguments: ["POST", "PUT", "DELETE", "PATCH"])
        func methods(_ method: String) throws {
            let system = try SharedSystem.system
            for fields in [[], ["Authorization: Bearer \(try system.token())"]] {
                let message = try system.request(method, "/api/users", fields: fields)
                message.expect(405, error: "Method not allowed")
                #expect(message["Allow"] == ["GET, HEAD"])
            }
        }

        private func expectRefusal(_ credentials: String) throws {
            let message = try SharedSystem.system.request(
                "GET", "/api/users", fields: ["Authorization: \(credentials)"])
            message.expect(401, error: "Unauthorized")
            #expect(message["WWW-Authenticate"] == [#"Bearer error="invalid_token""#])
        }
    }
}

/// What somebody shows in place of a good token, made of a good one.
struct BadCredentials: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (_ good: String) throws -> String

    init(_ name: String, _ make: @escaping @Sendable (_ good: String) throws -> String) {
        testDescription = name
        self.make = make
    }

    static let all: [BadCredentials] = [
        BadCredentials("no token") { _ in "Bearer x" },
        BadCredentials("another scheme") { "Basic \($0)" },
        BadCredentials("no scheme") { $0 },
        BadCredentials("the scheme alone") { _ in "Bearer" },
        BadCredentials("two tokens") { "Bearer \($0) \($0)" },
        BadCredentials("a comma") { "Bearer \($0),\($0)" },
        BadCredentials("no signature") { "Bearer \(JWT($0).signed)." },
        BadCredentials("another's signature") { good in
            "Bearer \(JWT(good).signed).\(JWT(JWT.article).parts[2])"
        },
        BadCredentials("other claims under the signature") { good in
            let parts = JWT(good).parts
            return "Bearer \(parts[0]).\(JWT.encode(#"{"userId":2,"exp":4102444800}"#)).\(parts[2])"
        },
        BadCredentials("padding") { "Bearer \($0)=" },
        BadCredentials("another secret") { good in
            try "Bearer \(JWT.sign(header: JWT(good).header, payload: JWT(good).payload, secret: "othersecret"))"
        },
        BadCredentials("alg none") { good in
            "Bearer \(JWT.encode(#"{"alg":"none","typ":"JWT"}"#)).\(JWT(good).parts[1])."
        },
        BadCredentials("alg none over a signature") { good in
            try "Bearer \(JWT.sign(header: #"{"alg":"none","typ":"JWT"}"#, payload: JWT(good).payload))"
        },
        BadCredentials("HS512 in the header, for a key of HS256") { good in
            try "Bearer \(JWT.sign(header: #"{"alg":"HS512","typ":"JWT"}"#, payload: JWT(good).payload))"
        },
        BadCredentials("crit in the header") { good in
            let header = #"{"alg":"HS256","typ":"JWT","crit":["exp"]}"#
            return try "Bearer \(JWT.sign(header: header, payload: JWT(good).payload))"
        },
        BadCredentials("not valid yet") { _ in
            let payload = #"{"userId":1,"nbf":4102444800,"exp":4102444801}"#
            return try "Bearer \(JWT.sign(header: JWT(JWT.article).header, payload: payload))"
        },
        BadCredentials("a time that is no number") { _ in
            let payload = #"{"userId":1,"exp":"4102444800"}"#
            return try "Bearer \(JWT.sign(header: JWT(JWT.article).header, payload: payload))"
        },
        BadCredentials("a claim twice") { _ in
            let payload = #"{"userId":1,"exp":1,"exp":4102444800}"#
            return try "Bearer \(JWT.sign(header: JWT(JWT.article).header, payload: payload))"
        },
    ]
}
