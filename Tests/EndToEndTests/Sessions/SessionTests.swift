import Shared
import Testing

@Suite("Sessions through the gateway")
struct SessionTests {
    @Test("login, refresh, reuse, restart, logout: each is in force when it is answered, and after a restart")
    func life() throws {
        let sessions = try SessionSystem()
        let first = try sessions.login()
        let second = try SessionSystem.Tokens(sessions.refresh(first))
        #expect(try sessions.users(second) == 200)
        let other = try sessions.login()

        try sessions.restart()
        #expect(try sessions.users(second) == 200)
        let third = try SessionSystem.Tokens(sessions.refresh(second))
        let reuse = try sessions.refresh(second)
        reuse.expect(401, error: "Unauthorized")
        #expect(reuse["Cache-Control"] == ["no-store"])
        for tokens in [first, second, third] { #expect(try sessions.users(tokens) == 401) }
        #expect(try sessions.users(other) == 200)
        try sessions.system.program.line {
            $0.contains("a refresh token was used twice") && $0.contains("session.user=1")
        }
        #expect(!sessions.system.program.text.contains(second.refresh))

        let who = try sessions.system.request("GET", "/api/auth/session", fields: other.bearer)
        #expect(who.status == 200 && who.text.hasPrefix(#"{"user":{"id":1,"username":"bob""#))
        try sessions.logout(other).expect(200, #"{"ended":1}"#)
        #expect(try sessions.users(other) == 401)
        try sessions.restart()
        for tokens in [third, other] {
            #expect(try sessions.users(tokens) == 401)
            #expect(try sessions.refresh(tokens).status == 401)
        }
        #expect(try sessions.system.program.stop() == .exited(0))
    }

    @Test("all of a user's sessions end at once, by the user and by the operator")
    func all() throws {
        let sessions = try SessionSystem()
        let (one, two, alice) = (try sessions.login(), try sessions.login(), try sessions.login("alice"))
        try sessions.logout(one, #"{"all":true}"#).expect(200, #"{"ended":2}"#)
        for tokens in [one, two] { #expect(try sessions.users(tokens) == 401) }
        #expect(try sessions.users(alice) == 200)

        let list = try sessions.postern("session", "list", "--json")
        #expect(list.contains(#""username":"alice""#) && !list.contains("bob"))
        #expect(try sessions.postern("session", "end", "--user", "alice") == #"ended 1 session of "alice""#)
        let end = ContinuousClock.now + .seconds(10)
        while try sessions.users(alice) != 401 { try #require(ContinuousClock.now < end, "alice is never out") }
        #expect(try sessions.refresh(alice).status == 401)
        #expect(try sessions.postern("token", "revocations").contains("session"))
    }

    @Test("what is off is not there")
    func off() throws {
        let sessions = try SessionSystem(auth: "")
        let login = try sessions.system.request(
            "POST", "/api/auth", body: #"{"username":"bob","password":"password"}"#)
        #expect(login.text.wholeMatch(of: /\{"token":"[^"]+"\}/) != nil)
        for (method, path) in [
            ("POST", "refresh"), ("POST", "logout"), ("GET", "session"), ("POST", "password"), ("POST", "users"),
        ] {
            try sessions.system.request(method, "/api/auth/\(path)", body: method == "POST" ? "{}" : nil)
                .expect(404, error: "Not found")
        }
    }

    @Test("somebody signs up, logs in and sets another password, by which all other sessions end")
    func account() throws {
        let sessions = try SessionSystem(auth: "sessions: on\naccounts: {sign_up: on, sign_ups_per_client: 3}")
        let signUp = { (name: String) in
            try sessions.system.request("POST", "/api/auth/users", body: #"{"username":"\#(name)","password":"first"}"#)
        }
        try signUp("carol").expect(201, #"{"id":4,"username":"carol","name":"carol","location":""}"#)
        try signUp("carol").expect(409, error: "The username is taken")
        let (one, two) = (try sessions.login("carol", "first"), try sessions.login("carol", "first"))
        let change = try sessions.system.request(
            "POST", "/api/auth/password", fields: one.bearer, body: #"{"password":"first","newPassword":"second"}"#)
        let three = try SessionSystem.Tokens(change)
        #expect(try sessions.users(three) == 200)
        for tokens in [one, two] { #expect(try sessions.users(tokens) == 401) }
        #expect(throws: (any Error).self) { try sessions.login("carol", "first") }
        #expect(try sessions.users(sessions.login("carol", "second")) == 200)
        #expect(try signUp("dave").status == 201)
        let limited = try signUp("erin")
        #expect(limited.status == 429 && limited["Retry-After"].count == 1)
    }
}
