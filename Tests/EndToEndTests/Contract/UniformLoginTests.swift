import Testing

@Suite("Logging in with login.errors: uniform")
struct UniformLoginTests {
    private let system: RunningSystem

    init() throws {
        let folder = try TemporaryFolder()
        try folder.copy(Project.tutorialConfiguration, to: "config")
        try folder.write(
            """
            listen: {login: unix:auth/login.sock, verify: unix:auth/verify.sock}
            store: sqlite:auth.db
            seed: tutorial
            login: {errors: uniform, limits: off}
            policy: {short_hmac_keys: accept}
            """, to: "config/auth.yaml")
        system = try RunningSystem(configuration: "\(folder.path)/config")
    }

    private func login(_ username: String, _ password: String) throws -> Message {
        try system.request("POST", "/api/auth", body: #"{"username":"\#(username)","password":"\#(password)"}"#)
    }

    @Test("An unknown user and a wrong password have one answer")
    func oneAnswer() throws {
        let unknown = try login("eve", "password")
        let wrong = try login("bob", "wrong")
        unknown.expect(401, error: "Invalid username or password")
        wrong.expect(401, error: "Invalid username or password")
        let isSame = { (field: Message.Field) in field.name != "Date" }
        #expect(unknown.start == wrong.start)
        #expect(unknown.fields.filter(isSame) == wrong.fields.filter(isSame))
        #expect(try login("bob", "password").status == 200)
    }

    @Test("They take the same time: the fastest of several is within a third of the other's")
    func oneTime() throws {
        var unknown = Duration.seconds(60)
        var wrong = Duration.seconds(60)
        for _ in 0..<6 {
            unknown = min(unknown, try timed { try login("eve", "password") }.time)
            wrong = min(wrong, try timed { try login("bob", "wrong") }.time)
        }
        #expect(unknown / wrong > 0.67 && unknown / wrong < 1.5, "unknown \(unknown), wrong \(wrong)")
        // bcrypt of cost 10 is tens of milliseconds of work: neither answer came without it.
        #expect(unknown > .milliseconds(10))
    }

    @Test("What is wrong with a request's form is said as ever")
    func form() throws {
        try system.request("POST", "/api/auth", body: "{}").expect(400, error: "Username and password are required")
        try system.request("POST", "/api/auth", body: "{").expect(400, error: "Invalid JSON")
    }
}
