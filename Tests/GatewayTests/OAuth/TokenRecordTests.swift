import FoundationEssentials
import Testing

@testable import Gateway
@testable import Shared

@Suite("A token over time")
struct TokenRecordTests {
    private func response(_ token: String = "abc", expires: Int = 100) throws -> TokenResponse {
        let body = #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":\#(expires)}"#
        return try TokenResponse(status: 200, body: Array(body.utf8))
    }

    @Test("it is asked for at once, and again at seven to eight parts in ten of its life")
    func renewal() throws {
        for (jitter, part) in [(0.0, 70), (0.5, 75), (1.0, 80), (7.0, 80)] as [(Double, UInt64)] {
            var record = TokenRecord()
            #expect(record.due == 0 && record.field.isEmpty)
            record.willAsk(now: second)
            #expect(record.next == .max)
            record.take(try response(), now: second, jitter: jitter)
            #expect(record.due == (1 + part) * second)
            #expect(record.field == Array("Authorization: Bearer abc\r\n".utf8))
        }
    }

    @Test("while no other is had it stays until its end, and is asked for ever more seldom")
    func failure() throws {
        var record = TokenRecord()
        record.take(try response(), now: 0, jitter: 0)
        for (failure, pause) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            record.fail(now: 70 * second)
            #expect(record.failures == failure + 1)
            #expect(record.due == 70 * second + UInt64(pause) * second)
        }
        let isEarly = record.expire(now: 100 * second - 1)
        #expect(!isEarly && !record.field.isEmpty)
        let hasEnded = record.expire(now: 100 * second)
        #expect(hasEnded && record.field.isEmpty)
        let hasEndedAgain = record.expire(now: 200 * second)
        #expect(!hasEndedAgain)
    }

    @Test("a service that does not take it has another asked for, once in a while")
    func rejection() throws {
        var record = TokenRecord()
        record.willAsk(now: 20 * second)
        record.wasRejected(now: 60 * second)
        #expect(record.due == .max)
        record.take(try response(), now: 20 * second, jitter: 0)
        record.wasRejected(now: 29 * second)
        #expect(record.due == 90 * second)
        record.wasRejected(now: 30 * second)
        #expect(record.due == 30 * second)
    }
}

@Suite("The token endpoint's answer")
struct TokenResponseTests {
    private func read(_ body: String, status: Int = 200) throws(TokenResponse.Failure) -> TokenResponse {
        try TokenResponse(status: status, body: Array(body.utf8))
    }

    @Test(
        "lifetimes: as it is said, as a text too, and a short one where nothing is said",
        arguments: [
            (#","expires_in":60"#, 60), (#","expires_in":"60""#, 60), ("", 300), (#","expires_in":null"#, 300),
            (#","expires_in":99999999999"#, 365 * 86400),
        ] as [(String, UInt64)])
    func lifetime(part: String, seconds: UInt64) throws {
        #expect(try read(#"{"access_token":"x","token_type":"bearer"\#(part)}"#).lifetime == seconds)
    }

    @Test(
        "what is no token is told without a word of it",
        arguments: [
            (200, "", "status 200, and no JSON object"),
            (200, "[]", "status 200, and no JSON object"),
            (200, #"{"access_token":"secret","token_type":"mac"}"#, "the token is no bearer token"),
            (200, #"{"access_token":"secret"}"#, "the token is no bearer token"),
            (200, #"{"token_type":"bearer"}"#, "there is no token that a field can carry"),
            (200, #"{"access_token":"","token_type":"bearer"}"#, "there is no token that a field can carry"),
            (
                200, #"{"access_token":"a\r\nX: secret","token_type":"bearer"}"#,
                "there is no token that a field can carry"
            ),
            (200, #"{"access_token":"a b","token_type":"bearer"}"#, "there is no token that a field can carry"),
            (
                200, #"{"access_token":"secret","token_type":"bearer","expires_in":-1}"#,
                "the token's lifetime cannot be read"
            ),
            (
                200, #"{"access_token":"secret","token_type":"bearer","expires_in":0}"#,
                "the token's lifetime cannot be read"
            ),
            (401, #"{"error":"invalid_client","error_description":"secret"}"#, "status 401, invalid_client"),
            (400, #"{"error":"secret"}"#, "status 400"),
            (302, "secret", "status 302, and no JSON object"),
        ])
    func refused(status: Int, body: String, reason: String) {
        let failure = #expect(throws: TokenResponse.Failure.self) { try read(body, status: status) }
        #expect(failure?.reason == reason)
    }
}

@Suite("The request for a token")
struct OAuthConfigurationTests {
    private let configuration: TestConfiguration

    init() throws {
        configuration = try TestConfiguration()
        try configuration.folder.write("s3:cr&t", to: "credentials/secret")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: configuration.folder["credentials/secret"])
    }

    private func load(_ oauth: String) throws -> [OAuthConfiguration] {
        try configuration.folder.write("url: https://far.example\noauth: {\(oauth)}\n", to: "services/far.yaml")
        let credentials = Credentials(folder: configuration.folder["credentials"])
        let loaded = try GatewayConfiguration.load(
            directory: configuration.folder.path, runDirectory: "/run", credentials: credentials)
        return loaded.services.compactMap(\.oauth)
    }

    private let place = "token_url: https://login.example/token, client_id: a b, client_secret: '{credential:secret}'"

    @Test("id and secret go as Basic, encoded as RFC 6749 wants it")
    func basic() throws {
        let oauth = try #require(try load("\(place), scope: read write").first)
        let text = String(decoding: oauth.request, as: UTF8.self)
        #expect(text.hasPrefix("POST /token HTTP/1.1\r\nHost: login.example\r\n"))
        // a+b:s3%3Acr%26t
        #expect(text.contains("\r\nAuthorization: Basic YStiOnMzJTNBY3IlMjZ0\r\n"))
        #expect(text.hasSuffix("\r\nContent-Length: 46\r\n\r\ngrant_type=client_credentials&scope=read+write"))
    }

    @Test("or in the form, for endpoints that want that")
    func post() throws {
        let oauth = try #require(try load("\(place), authentication: post").first)
        let text = String(decoding: oauth.request, as: UTF8.self)
        #expect(!text.contains("Authorization"))
        #expect(text.hasSuffix("\r\n\r\ngrant_type=client_credentials&client_id=a+b&client_secret=s3%3Acr%26t"))
    }

    @Test("nothing that is made of it for people holds the secret")
    func silence() throws {
        let oauth = try #require(try load(place).first)
        var dumped = ""
        dump(oauth, to: &dumped)
        for text in ["\(oauth)", String(reflecting: oauth), dumped] { #expect(!text.contains("s3")) }
    }

    @Test("the endpoint's name is looked up with those of the services")
    func names() throws {
        _ = try load(place)
        let credentials = Credentials(folder: configuration.folder["credentials"])
        let loaded = try GatewayConfiguration.load(
            directory: configuration.folder.path, runDirectory: "/run", credentials: credentials)
        #expect(loaded.names.map(\.host).sorted() == ["far.example", "login.example"])
    }

    @Test(
        "what would give the secret away, or cannot be, is said",
        arguments: [
            ("token_url: http://login.example, client_id: a, client_secret: '{credential:secret}'", "in clear"),
            ("token_url: https://login.example, client_id: a, client_secret: abc", "stands in the file itself"),
            ("client_id: a, client_secret: '{credential:secret}'", "`oauth.token_url` is missing"),
            ("token_url: https://login.example, client_id: a, client_secret: '{credential:none}'", "{credential:none}"),
        ])
    func problems(oauth: String, problem: String) {
        let error = #expect(throws: ConfigurationError.self) { try load(oauth) }
        let text = error?.problems.map(\.description).joined(separator: "\n") ?? ""
        #expect(text.contains(problem), "\(text)")
        #expect(!text.contains("s3:cr"))
    }

    @Test("a service shows the token in place of the client's, and is not asked without one")
    func shown() throws {
        let service = try PlayedService(address: "127.0.0.1")
        let gateway = try TestGateway(
            ["[...path]": "service: far"], services: ["far": "url: http://127.0.0.1:\(service.port)"])
        func install(_ token: [UInt8]?) {
            let plain = gateway.worker.table.snapshot
            let rule = ServiceRule(
                name: "far", file: "", instances: plain.services[0].instances, token: token, needsToken: true)
            gateway.worker.install(Snapshot(tree: plain.tree, services: [rule], verify: plain.verify))
        }
        install(nil)
        #expect(try gateway.answer(get("/a", "Authorization: Bearer own")).status == 503)
        install(Array("Authorization: Bearer token\r\n".utf8))
        let client = try gateway.client()
        client.send(get("/a", "Authorization: Bearer own"))
        #expect(try gateway.seen(by: service).request.values("Authorization") == ["Bearer token"])
    }
}
