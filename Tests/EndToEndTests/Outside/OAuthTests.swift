// Unsafe code: the path of a file goes to chmod(2) as a C string.
import Glibc
import Synchronization
import Testing

@Suite("Tokens that the gateway gets for itself")
struct OAuthTests {
    /// A service that takes one token, and the endpoint that gives tokens, one after the other.
    private final class Parts: Sendable {
        let state = Mutex((count: 0, good: "", isBroken: false))
        let expires: Int

        init(expires: Int) {
            self.expires = expires
        }

        func answer(_ request: Message) -> String? {
            let number = state.withLock { state -> Int? in
                state.count += 1
                guard !state.isBroken else { return nil }
                state.good = "token-\(state.count)"
                return state.count
            }
            guard let number else { return Answer.whole("401 Unauthorized", #"{"error":"invalid_client"}"#) }
            return Answer.whole(
                "200 OK", #"{"access_token":"token-\#(number)","token_type":"Bearer","expires_in":\#(expires)}"#)
        }

        func serve(_ request: Message) -> String? {
            let good = state.withLock { $0.good }
            guard request["Authorization"] == ["Bearer \(good)"] else {
                return Answer.whole("401 Unauthorized", "no")
            }
            return Answer.ok("served")
        }

        var count: Int { state.withLock { $0.count } }
    }

    private let secret = "very-Secret-4711"

    private func start(_ parts: Parts) throws -> (RunningGateway, [ScriptedService], TemporaryFolder) {
        let endpoint = try ScriptedService(address: "127.0.0.1") { parts.answer($0) }
        let service = try ScriptedService(address: "127.0.0.1") { parts.serve($0) }
        let fixture = try GatewayFixture()
        try fixture.folder.write(secret, to: "credentials/far-secret")
        _ = unsafe chmod("\(fixture.folder.path)/credentials/far-secret", 0o600)
        try fixture.write(
            "services/far.yaml",
            """
            url: http://127.0.0.1:\(service.port)
            oauth:
              token_url: http://127.0.0.1:\(endpoint.port)/token
              client_id: postern
              client_secret: "{credential:far-secret}"
              scope: read

            """)
        try fixture.write("routes/far/[...path].yaml", "service: far\n")
        let gateway = try RunningGateway(fixture, ["--credentials", "\(fixture.folder.path)/credentials"])
        return (gateway, [endpoint, service], fixture.folder)
    }

    @Test(
        "one is had before the gateway is ready, and one is enough for all requests; the client's own is not passed on")
    func once() throws {
        let parts = Parts(expires: 3600)
        let (gateway, services, folder) = try start(parts)
        #expect(parts.count == 1)
        for _ in 0..<20 {
            let answer = try gateway.request("GET", "/far/a", fields: ["Authorization: Bearer mine"])
            #expect(answer.status == 200 && answer.text == "served")
        }
        #expect(parts.count == 1)
        let asked = try #require(services[0].record.value.requests.first)
        #expect(asked.start == "POST /token HTTP/1.1")
        #expect(asked["Authorization"].first?.hasPrefix("Basic ") == true)
        #expect(asked.text == "grant_type=client_credentials&scope=read")
        withExtendedLifetime(folder) {}
    }

    @Test("another is had before the first ends")
    func renewal() throws {
        let parts = Parts(expires: 1)
        let (gateway, services, folder) = try start(parts)
        let answer = try gateway.ask("/far/a") { _ in parts.count >= 3 }
        #expect(parts.count >= 3)
        #expect(answer.status == 200 || answer.status == 401)
        withExtendedLifetime((services, folder)) {}
    }

    @Test("without one the answer is 503, and neither the secret nor a token is in any log, answer or explanation")
    func failure() throws {
        let parts = Parts(expires: 3600)
        parts.state.withLock { $0.isBroken = true }
        let (gateway, services, folder) = try start(parts)
        let answer = try gateway.request("GET", "/far/a")
        answer.expect(503, error: "Service unavailable")
        let line = try gateway.program.line { $0.contains("token cannot be had") }
        #expect(line.contains("status 401, invalid_client"))
        #expect(services[1].record.value.requests.isEmpty)
        parts.state.withLock { $0.isBroken = false }
        #expect(try gateway.ask("/far/a") { $0.status == 200 }.status == 200)
        gateway.program.signal(SIGUSR1)
        try gateway.program.line { $0.contains("oauth.fetched=1") }
        let explained = try RunningProgram.run(
            program: "postern-gateway", ["explain", "--config", gateway.fixture.configuration, "GET", "/far/a"])
        #expect(explained.lines.contains { $0.contains("Authorization (a token that the gateway gets for itself)") })
        for text in [gateway.program.text, explained.lines.joined(), answer.text] {
            #expect(!text.contains(secret) && !text.contains("token-") && !text.contains("dmVyeS1TZWNyZX"))
        }
        withExtendedLifetime(folder) {}
    }

    @Test("a service that does not take the token has none had at once: that was done a moment ago")
    func rejection() throws {
        let parts = Parts(expires: 3600)
        let (gateway, services, folder) = try start(parts)
        parts.state.withLock { $0.good = "another" }
        // What the service says of it is the service's answer.
        #expect(try gateway.request("GET", "/far/a").status == 401)
        for _ in 0..<20 { _ = try gateway.request("GET", "/far/a") }
        // Another only after ten seconds, on a machine that slow.
        #expect(parts.count <= 2)
        withExtendedLifetime((services, folder)) {}
    }
}
