import FoundationEssentials
import Testing

extension ContractTests {
    @Suite("Logging in")
    struct LoginTests {
        @Test("Bob's password gives a token, and nothing else")
        func token() throws {
            let message = try SharedSystem.system.request(
                "POST", "/api/auth", fields: ["Content-Type: application/json"],
                body: #"{"username":"bob","password":"password"}"#)
            let match = try #require(message.text.wholeMatch(of: /\{"token":"[\w-]+\.[\w-]+\.[\w-]+"\}/))
            message.expect(200, String(match.output))
        }

        @Test(
            "The token's header and its payload are those of the tutorial, in their order",
            arguments: [
                ("bob", #""userId":1,"location":"USA","name":"Bob""#),
                ("alice", #""userId":2,"location":"Sweden","name":"Alice""#),
                ("john", #""userId":3,"location":"France","name":"John""#),
            ])
        func claims(_ username: String, _ expected: String) throws {
            let before = Int(Date().timeIntervalSince1970)
            let token = JWT(try SharedSystem.system.token(username))
            let after = Int(Date().timeIntervalSince1970)
            #expect(token.header == #"{"alg":"HS256","typ":"JWT"}"#)
            let match = try #require(token.payload.wholeMatch(of: /\{(.*),"iat":(\d+),"exp":(\d+)\}/))
            #expect(match.1 == expected)
            let issued = try #require(Int(match.2))
            #expect((before...after).contains(issued))
            #expect(Int(match.3) == issued + 86400)
        }

        @Test(
            "A username or password that is missing, empty or no string is 400",
            arguments: [
                #"{}"#, #"{"username":"bob"}"#, #"{"password":"password"}"#, #"{"username":"","password":"password"}"#,
                #"{"username":"bob","password":""}"#, #"{"username":1,"password":"password"}"#,
                #"{"username":"bob","password":null}"#, #"{"username":["bob"],"password":"password"}"#,
                #"{"username":"bob","password":{"a":1}}"#, #"{"username":true,"password":true}"#, #"[]"#, #""bob""#,
                "1",
                "null",
            ])
        func incomplete(_ body: String) throws {
            try SharedSystem.system.request("POST", "/api/auth", body: body)
                .expect(400, error: "Username and password are required")
        }

        @Test("No body at all is 400 too")
        func noBody() throws {
            try SharedSystem.system.request("POST", "/api/auth", body: "")
                .expect(400, error: "Username and password are required")
            try SharedSystem.system.request("POST", "/api/auth")
                .expect(400, error: "Username and password are required")
        }

        @Test(
            "A body that is not JSON is 400",
            arguments: [
                "{", "username=bob&password=password", #"{"username":"bob","password":"password""#,
                #"{"username":"bob","password":"password"} x"#, #"{'username':'bob'}"#, "\u{FEFF}{}",
                #"{"username":"bob","password":"a\xb"}"#,
            ])
        func notJSON(_ body: String) throws {
            try SharedSystem.system.request("POST", "/api/auth", body: body).expect(400, error: "Invalid JSON")
        }

        @Test("An unknown user is 404, a wrong password 401, as the tutorial has it")
        func refused() throws {
            let system = try SharedSystem.system
            try system.request("POST", "/api/auth", body: #"{"username":"eve","password":"password"}"#)
                .expect(404, error: "User not found ")
            try system.request("POST", "/api/auth", body: #"{"username":"bob","password":"Password"}"#)
                .expect(401, error: "Wrong password")
            try system.request("POST", "/api/auth", body: #"{"username":"BOB","password":"password"}"#)
                .expect(404, error: "User not found ")
        }

        @Test(
            "Every other method is 405, and Allow says POST",
            arguments: ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE"])
        func methods(_ method: String) throws {
            let message = try SharedSystem.system.request(
                method, "/api/auth", body: method == "GET" ? nil : #"{"username":"bob","password":"password"}"#)
            message.expect(405, error: "Method not allowed")
            #expect(message["Allow"] == ["POST"])
        }

        @Test("HEAD is 405 without a body")
        func head() throws {
            let message = try SharedSystem.system.request("HEAD", "/api/auth")
            #expect(message.status == 405)
            #expect(message["Allow"] == ["POST"])
            #expect(message["Content-Length"] == ["\(#"{"error":"Method not allowed"}"#.utf8.count)"])
        }
    }
}
