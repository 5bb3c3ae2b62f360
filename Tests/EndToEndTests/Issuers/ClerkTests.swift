import FoundationEssentials
import Glibc
import Shared
import Testing

@Suite("Tokens of an issuer on the web, as Clerk is one")
struct ClerkTests {
    private let fixture: IssuerFixture
    private let clerk: FakeIssuer
    private let key: IssuerKey

    init() throws {
        fixture = try IssuerFixture()
        clerk = try FakeIssuer(fixture.certificates, "clerk")
        key = try IssuerKey("ins_1", in: fixture.certificates)
        try clerk.publish(key)
    }

    /// The example of docs/issuers.md, with what a test must change: where the keys are, and by whose authority.
    private func documented() throws -> String {
        let page = try DocumentedFiles(page: "issuers.md")
        let text = try #require(page.files.first { $0.name == "auth.yaml" }?.text)
        let url = "https://clerk.example.com/.well-known/jwks.json"
        try #require(text.contains("jwks: \(url)") && text.contains("issuer: https://clerk.example.com\n"))
        return text.replacing("issuer: https://clerk.example.com\n", with: "issuer: \(clerk.name)\n")
            .replacing("jwks: \(url)", with: "jwks: {url: \"\(clerk.url)\", ca: \(clerk.certificates.path("ca.pem"))}")
    }

    private func startDocumented() throws {
        let text = try documented()
        let issuers = try #require(text.components(separatedBy: "issuers:\n").last)
        try fixture.configure(issuers)
        try fixture.start(clerk)
    }

    private static let claims = #""sub":"user_2abc","sid":"sess_1","azp":"https://app.example.com""#

    @Test("The example of the page: Postern-User is what getAuth(req).userId gives, by header and by cookie")
    func example() throws {
        try startDocumented()
        let token = try clerk.token(key, Self.claims)
        let answer = try fixture.ask(token: token)
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix("user_2abc {"))
        #expect(answer.text.contains(#""sid":"sess_1""#))
        for cookie in [
            "__session=\(token)", "a=b; __session_x1Y2=\(token); c=d", "__session=old; __session_x=\(token)",
        ] {
            let verdict = try fixture.verify("Cookie: \(cookie)")
            #expect(verdict.status == 200 && verdict["Postern-User"] == ["user_2abc"], "\(cookie.prefix(20))")
            let answer = try #require(fixture.gateway).request("GET", "/members/x", fields: ["Cookie: \(cookie)"])
            #expect(answer.status == 200 && answer.text.hasPrefix("user_2abc {"), "\(cookie.prefix(20))")
        }
        #expect(clerk.fetches == ["request /.well-known/jwks.json None"])
    }

    @Test(
        "What Clerk's own library refuses is refused: another azp, times with five seconds, a pending session, another sub"
    )
    func refused() throws {
        try startDocumented()
        for (claims, from, to, status) in [
            (Self.claims, -10, -1, 200), (Self.claims, -10, -6, 401), (Self.claims, 3, 60, 200),
            (Self.claims, 30, 60, 401), (#""sub":"user_2abc","azp":"https://evil.example""#, -1, 60, 401),
            (#""sub":"user_2abc""#, -1, 60, 200), (#""sid":"sess_1""#, -1, 60, 401),
            (#"\#(Self.claims),"sts":"pending""#, -1, 60, 401), (#"\#(Self.claims),"sts":"active""#, -1, 60, 200),
        ] {
            let token = try clerk.token(key, claims, from: from, to: to)
            #expect(try fixture.ask(token: token).status == status, "\(claims) \(from) \(to)")
        }
        let other = try IssuerKey("ins_1", in: fixture.certificates, file: "forged")
        #expect(try fixture.ask(token: clerk.token(other, Self.claims)).status == 401)
        let none = JWT.encode(#"{"alg":"none","kid":"ins_1"}"#)
        let payload = JWT(try clerk.token(key, Self.claims)).parts[1]
        #expect(try fixture.ask(token: "\(none).\(payload).").status == 401)
    }

    @Test("Our own tokens go on beside an issuer's, an iss that nobody knows is refused")
    func besides() throws {
        try startDocumented()
        let own = try JWT.sign(header: #"{"alg":"HS256","typ":"JWT"}"#, payload: #"{"userId":7}"#)
        #expect(try fixture.ask(token: own).text.hasPrefix("7 "))
        let stranger = try JWT.sign(header: #"{"alg":"HS256"}"#, payload: #"{"userId":7,"iss":"https://x.example"}"#)
        #expect(try fixture.ask(token: stranger).status == 401)
        let pretender = try JWT.sign(
            header: #"{"alg":"HS256","kid":"ins_1"}"#, payload: #"{"sub":"a","exp":9999999999,"iss":"\#(clerk.name)"}"#)
        #expect(try fixture.ask(token: pretender).status == 401)
    }

    @Test("Two issuers that call their keys the same never cross")
    func neverCross() throws {
        let other = try FakeIssuer(fixture.certificates, "other")
        let othersKey = try IssuerKey("ins_1", in: fixture.certificates, file: "others")
        try other.publish(othersKey)
        try fixture.configure(clerk.entry() + other.entry())
        try fixture.start(clerk, other)
        #expect(try fixture.ask(token: clerk.token(key)).status == 200)
        #expect(try fixture.ask(token: other.token(othersKey)).status == 200)
        #expect(try fixture.ask(token: clerk.token(othersKey)).status == 401)
        #expect(try fixture.ask(token: other.token(key)).status == 401)
    }

    @Test(
        "A token from the header of an issuer whose tokens come from cookies only is refused, and the other way round")
    func places() throws {
        let other = try FakeIssuer(fixture.certificates, "other")
        try other.publish(key)
        try fixture.configure(clerk.entry("  token: {cookie: __session_*}\n") + other.entry())
        try fixture.start(clerk, other)
        let token = try clerk.token(key)
        #expect(try fixture.verify(token: token).status == 401)
        #expect(try fixture.verify("Cookie: __session_a=\(token)").status == 200)
        #expect(try fixture.verify("Cookie: __session=\(token)").status == 401)
        #expect(try fixture.verify("Cookie: __session_a=\(other.token(key))").status == 401)
        #expect(try fixture.verify(token: other.token(key)).status == 200)
        // Authorization goes before.
        let both = try fixture.verify("Authorization: Bearer x", "Cookie: __session_a=\(token)")
        #expect(both.status == 401)
    }

    @Test("With an issuer and no key of our own the service starts, and the login answers 503")
    func noOwnKey() throws {
        try fixture.configure(clerk.entry(), more: "seed: tutorial")
        try fixture.gatewayFixture.write("services/auth.yaml", "instances: unix:login.sock\n")
        try fixture.gatewayFixture.write("routes/api/auth.yaml", "service: auth\n")
        let auth = try fixture.startAuth(environment: [:])
        try fixture.startGateway()
        try auth.line { $0.contains("the keys of an issuer were fetched") }
        #expect(try fixture.ask(token: clerk.token(key)).status == 200)
        let login = try #require(fixture.gateway).request(
            "POST", "/api/auth", body: #"{"username":"bob","password":"password"}"#)
        #expect(login.status == 503 && login["Retry-After"].count == 1)
    }

    @Test("token inspect fetches the keys and says which issuer judged; check says what is missing")
    func commands() throws {
        try fixture.configure(clerk.entry())
        try fixture.start(clerk)
        let folders =
            ["--config", fixture.gatewayFixture.configuration, "--run", fixture.gatewayFixture.runFolder]
            + ["--state", "\(fixture.gatewayFixture.folder.path)/state"]
        let good = try RunningProgram.run(
            program: "postern-auth", ["token", "inspect"] + folders + [clerk.token(key)],
            environment: Project.environment)
        #expect(good.status == 0, "\(good.lines)")
        #expect(good.lines.contains { $0.hasPrefix("judged by  the keys of \(clerk.name) (") })
        clerk.stop()
        let unknown = try RunningProgram.run(
            program: "postern-auth", ["token", "inspect"] + folders + [clerk.token(key)],
            environment: Project.environment)
        #expect(unknown.status == 69, "\(unknown.lines)")
        #expect(unknown.lines.contains { $0.hasPrefix("verdict    nobody can say") })
        try fixture.gatewayFixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\n")
        let check = try RunningProgram.run(
            program: "postern-auth", ["check", fixture.gatewayFixture.configuration], environment: [:])
        #expect(check.status == 78)
        #expect(check.lines.joined().contains("Add to postern.yaml: `egress: unix:gateway/egress.sock`"))
    }
}
