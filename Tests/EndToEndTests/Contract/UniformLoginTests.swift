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

    /// That it is one hash of one form for both is counted in AuthServiceTests/Passwords.
    @Test("Neither answer comes without the work of a hash: bcrypt of cost 10 is tens of milliseconds")
    func work() throws {
        for _ in 0..<3 {
            #expect(try timed { try login("eve", "password") }.time > .milliseconds(10))
            #expect(try timed { try login("bob", "wrong") }.time > .milliseconds(10))
        }
    }

    @Test("What is wrong with a request's form is said as ever")
    func form() throws {
        try system.request("POST", "/api/auth", body: "{}").expect(400, error: "Username and password are required")
        try system.request("POST", "/api/auth", body: "{").expect(400, error: "Invalid JSON")
    }
}
