import Shared
import Testing

@testable import AuthService

@Suite("Endpoints by socket")
struct AuthEndpointsTests {
    private let folder = try? TemporaryFolder()

    private func endpoints() throws -> AuthEndpoints {
        let folder = try #require(folder)
        let text = "listen: {login: unix:a, verify: unix:b}\nstore: sqlite:auth.db\nseed: tutorial\n"
        let configuration = try AuthConfiguration.read(
            ConfigurationReader(text: text, file: "auth.yaml", problems: ConfigurationProblems()),
            context: .init(runDirectory: "/run", stateDirectory: folder.path))
        return try AuthEndpoints(
            configuration: configuration, keys: KeyRing([TokenFixtures.key()]),
            store: AccountStore(path: configuration.store, seed: configuration.seed), now: { 1000 }, notify: { _ in })
    }

    @Test("nobody logs in on the verify socket, and nobody asks for verdicts on the login socket")
    func patterns() throws {
        let endpoints = try endpoints()
        #expect(
            endpoints.login.map { "\($0.method.name) \($0.pattern)" } == [
                "POST /api/auth", "GET /api/auth/jwks.json", "GET /.well-known/jwks.json", "GET /healthz",
            ])
        #expect(
            endpoints.verify.map { "\($0.method.name) \($0.pattern)" } == [
                "GET /verify", "GET /revocations", "GET /healthz",
            ])
    }

    @Test("the token of a login verifies")
    func loginThenVerify() async throws {
        let endpoints = try endpoints()
        guard case .concurrent(let login)? = endpoints.login.first?.handler,
            case .immediate(let verify)? = endpoints.verify.first?.handler
        else {
            Issue.record("a login waits for its hash, a verdict waits for nothing")
            return
        }
        let body = Array(#"{"username":"alice","password":"password"}"#.utf8)
        let answer = await login(ServiceRequest(.post, "/api/auth", body: body))
        let token = try #require(try StrictJSON.parseObject(answer.body)["token"]?.string)
        let verdict = verify(ServiceRequest(.get, "/verify", fields: [("Authorization", "Bearer \(token)")]))
        #expect(verdict.status == 200)
        #expect(verdict.field("Postern-User") == "2")
    }

    @Test("both sockets say that they are well")
    func health() throws {
        let endpoints = try endpoints()
        for endpoint in [endpoints.login.last, endpoints.verify.last] {
            guard case .immediate(let handler)? = endpoint?.handler else {
                Issue.record("health waits")
                continue
            }
            let response = handler(ServiceRequest(.get, "/healthz"))
            #expect(response.status == 200)
            #expect(response.text == #"{"status":"ok"}"#)
        }
    }
}
