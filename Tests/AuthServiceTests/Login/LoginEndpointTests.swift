import Shared
import Testing

@testable import AuthService

@Suite("POST /api/auth")
struct LoginEndpointTests {
    private let folder = try? TemporaryFolder()
    private let notices = Recorder<PasswordService.Notice>()

    private var faults: [LoginFault] {
        notices.all.compactMap { if case .fault(let fault) = $0 { fault } else { nil } }
    }

    private func endpoint(
        _ errors: LoginErrors = .tutorial, pool: HashingPool? = nil, keys: LiveKeys? = nil
    ) throws -> LoginEndpoint {
        LoginEndpoint(
            passwords: try PasswordService(
                store: try AccountStore(path: #require(folder).file("auth.db"), seed: .tutorial), pool: pool,
                hidesUnknownUsers: errors == .uniform, notify: notices.record),
            forwarding: ForwardingPolicy(users: []), keys: try keys ?? TokenFixtures.live(), errors: errors,
            now: { TokenFixtures.issued })
    }

    private func answer(_ body: String, _ errors: LoginErrors = .tutorial) async throws -> ServiceResponse {
        try await endpoint(errors).answer(Array(body.utf8))
    }

    @Test("the right password gives the token, which no cache may keep")
    func success() async throws {
        let response = try await answer(#"{"username":"bob","password":"password"}"#)
        #expect(response.status == 200)
        #expect(response.text == #"{"token":"\#(TokenFixtures.tutorial)"}"#)
        #expect(response.field("Content-Type") == "application/json; charset=utf-8")
        #expect(response.field("Cache-Control") == "no-store")
    }

    @Test("white space, member order and further members do not matter")
    func bodyForms() async throws {
        for body in [
            " {\n\"password\" : \"password\" , \"username\":\"bob\" } ",
            #"{"username":"b\u006fb","password":"password","remember":[true,{"x":null}]}"#,
        ] {
            #expect(try await answer(body).status == 200)
        }
    }

    @Test(
        "a username or a password that is missing, empty or not a string",
        arguments: [
            "{}", #"{"username":"bob"}"#, #"{"password":"password"}"#, #"{"username":"","password":"password"}"#,
            #"{"username":"bob","password":""}"#, #"{"username":["bob"],"password":"password"}"#,
            #"{"username":"bob","password":1}"#, #"{"username":null,"password":null}"#, "[]", "null", "7", #""bob""#,
            "",
        ])
    func incomplete(body: String) async throws {
        let response = try await answer(body)
        #expect(response.status == 400)
        #expect(response.text == #"{"error":"Username and password are required"}"#)
    }

    @Test(
        "a body that is not JSON, or that two readers could read in two ways",
        arguments: [
            "{", "username=bob&password=password", "{'username':'bob'}", " ",
            #"{"username":"bob","password":"password"}x"#,
            #"{"username":"bob","username":"alice","password":"password"}"#, #"{"username":"\ud800","password":"p"}"#,
        ])
    func notJSON(body: String) async throws {
        let response = try await answer(body)
        #expect(response.status == 400)
        #expect(response.text == #"{"error":"Invalid JSON"}"#)
    }

    @Test("tutorial errors tell an unknown user from a wrong password")
    func tutorialErrors() async throws {
        let unknown = try await answer(#"{"username":"eve","password":"password"}"#)
        #expect(unknown.status == 404)
        #expect(unknown.text == #"{"error":"User not found "}"#)
        let wrong = try await answer(#"{"username":"bob","password":"Password"}"#)
        #expect(wrong.status == 401)
        #expect(wrong.text == #"{"error":"Wrong password"}"#)
    }

    @Test("uniform errors are one answer for an unknown user and a wrong password")
    func uniformErrors() async throws {
        for body in [#"{"username":"eve","password":"password"}"#, #"{"username":"bob","password":"Password"}"#] {
            let response = try await answer(body, .uniform)
            #expect(response.status == 401)
            #expect(response.text == #"{"error":"Invalid username or password"}"#)
            #expect(response.fields.map(\.name) == ["Content-Type"])
        }
        #expect(try await answer(#"{"username":"bob","password":"password"}"#, .uniform).status == 200)
    }

    @Test("more logins than the pool takes are 503 with Retry-After, and are reported")
    func busy() async throws {
        let login = try endpoint(pool: HashingPool(workers: 1, queue: 1))
        let body = Array(#"{"username":"bob","password":"password"}"#.utf8)
        let responses = await withTaskGroup(of: ServiceResponse.self) { group in
            for _ in 0..<24 { group.addTask { await login.answer(body) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refused = responses.filter { $0.status == 503 }
        #expect(responses.contains { $0.status == 200 })
        #expect(responses.allSatisfy { [200, 503].contains($0.status) })
        #expect(!refused.isEmpty)
        #expect(refused.allSatisfy { $0.field("Retry-After") == "1" && !$0.text.contains("queue") })
        #expect(faults == Array(repeating: .busy, count: refused.count))
    }

    @Test("a store that fails is 503 without a word about it to the client, and is reported")
    func storeFails() async throws {
        let login = try endpoint()
        let path = try #require(folder).file("auth.db")
        try FileTools.execute("DROP TABLE users", on: path)
        let response = await login.answer(Array(#"{"username":"bob","password":"password"}"#.utf8))
        #expect(response.status == 503)
        #expect(!response.text.contains("users"))
        #expect(faults.count == 1)
        guard case .store = faults.first else {
            Issue.record("the fault is not the store's")
            return
        }
    }

    @Test("keys that verify and do not sign let nobody log in: 503, and that is reported")
    func noSigningKey() async throws {
        let login = try endpoint(keys: TokenFixtures.live(KeyVectors.key(KeyVectors.rsaAppendixA2)))
        let response = await login.answer(Array(#"{"username":"bob","password":"password"}"#.utf8))
        #expect(response.status == 503)
        #expect(response.field("Retry-After") == "1")
        #expect(faults == [.noKey])
    }

    @Test("a pool that was shut down refuses, and that is nothing to report")
    func stopped() async throws {
        let pool = try HashingPool(workers: 1, queue: 1)
        let login = try endpoint(pool: pool)
        pool.shutDown()
        #expect(await login.answer(Array(#"{"username":"bob","password":"password"}"#.utf8)).status == 503)
        #expect(faults.isEmpty)
    }
}
