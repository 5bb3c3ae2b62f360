import Testing

@Suite("Guessing passwords")
struct LoginLimitTests {
    @Test("after so many failures the answer is 429, also after a restart, and an unknown name's is the same")
    func restart() throws {
        let fixture = try LoginFixture("login: {limits: {account: 2, delay: 60s}}\npasswords: {cost: 4}\n")
        for name in ["bob", "eve"] {
            for _ in 0..<2 { #expect(try fixture.login(name, "wrong").status == 401) }
        }
        try fixture.restartAuth()
        for name in ["bob", "eve"] {
            let answer = try fixture.login(name, "password")
            #expect(answer.status == 429)
            #expect(answer.text == #"{"error":"Too many attempts, try again later"}"#)
            let wait = try #require(answer.retryAfter)
            #expect((1...60).contains(wait))
        }
        #expect(try fixture.login("alice", "password").status == 200)
        // The operator lets him in, while the service runs.
        #expect(try fixture.postern("user", "unlock", "bob").status == 0)
        #expect(try fixture.login("bob", "password").status == 200)
        #expect(try fixture.postern("user", "unlock", "eve").status == 66)
    }

    @Test("of a hundred guesses at once no more are compared than are free")
    func parallel() throws {
        let fixture = try LoginFixture(
            "login: {limits: {delay: 60s}}\npasswords: {cost: 4, workers: 4, queue: 200, queue_per_address: 200}\n")
        let answers = try fixture.logins("bob", (0..<100).map { "guess\($0)" })
        #expect(answers.filter { $0.status == 401 }.count == 5)
        #expect(answers.filter { $0.status == 429 }.count == 95)
    }

    @Test("one client's guesses at many names are limited, by what the gateway says of it and nothing else")
    func addresses() throws {
        let fixture = try LoginFixture("login: {limits: {address: 3, delay: 60s}}\npasswords: {cost: 4}\n")
        for name in ["a", "b", "c"] { #expect(try fixture.login(name, "x").status == 401) }
        #expect(try fixture.login("bob", "password").status == 429)
        #expect(try fixture.login("bob", "password", from: "127.0.0.9").status == 200)
        // What the client says of itself does not pass the gateway.
        let forged = try Client.request(
            port: fixture.port, "POST", "/api/auth",
            fields: ["X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1"],
            body: #"{"username":"bob","password":"password"}"#)
        #expect(forged.status == 429)
    }

    @Test("guesses from elsewhere do not keep the owner out where he has logged in before")
    func owner() throws {
        let fixture = try LoginFixture("login: {limits: {account: 2, delay: 60s}}\npasswords: {cost: 4}\n")
        #expect(try fixture.login("bob", "password").status == 200)
        for _ in 0..<2 { #expect(try fixture.login("bob", "wrong", from: "127.0.0.9").status == 401) }
        #expect(try fixture.login("bob", "password", from: "127.0.0.9").status == 429)
        #expect(try fixture.login("bob", "password").status == 200)
    }

    @Test("the log has who failed and from where; no password, and no name that nobody has")
    func log() throws {
        let fixture = try LoginFixture("login: {limits: {account: 1, delay: 60s}}\npasswords: {cost: 4}\n")
        for _ in 0..<2 { _ = try fixture.login("bob", "sesame-street") }
        _ = try fixture.login("hunter2", "open-sesame")
        let known = try fixture.auth.line { $0.contains("login failed") }
        #expect(known.contains("login.user=bob") && known.contains("login.address=127.0.0.1"))
        #expect(known.contains("wrong password"))
        let unknown = try fixture.auth.line { $0.contains("unknown user") }
        #expect(!unknown.contains("login.user"))
        try fixture.auth.line { $0.contains("login refused") && $0.contains("login.limit=account") }
        #expect(!fixture.auth.text.contains("sesame"))
        #expect(!fixture.auth.text.contains("hunter2"))
        fixture.auth.signal(10)
        let counters = try fixture.auth.line { $0.contains("passwords.wrong") }
        #expect(counters.contains("passwords.wrong=2") && counters.contains("passwords.limited.account=1"))
    }

    @Test("a login whose client has left is not hashed")
    func departure() throws {
        let fixture = try LoginFixture("passwords: {cost: 12, workers: 1}\n")
        // The password is hashed anew by that cost, so that those that follow have to wait for each other.
        #expect(try fixture.login("bob", "password").status == 200)
        let request = Client.bytes(
            "POST", "/api/auth", body: Array(#"{"username":"bob","password":"password"}"#.utf8))
        let path = "\(fixture.folder.path)/run/auth/login.sock"
        let clients = try (0..<8).map { _ in try SocketStream.connect(unix: path) }
        for client in clients { client.send(request) }
        for client in clients { client.close() }
        // Behind all of them that are still to be hashed.
        #expect(try fixture.login("bob", "password").status == 200)
        fixture.auth.signal(10)
        let line = try fixture.auth.line { $0.contains("passwords.correct") }
        let correct = try #require(line.firstMatch(of: /passwords\.correct=(\d+)/)).1
        // The first, the last, and one that was under way when its client left.
        #expect(["2", "3"].contains(correct), "\(line)")
    }
}
