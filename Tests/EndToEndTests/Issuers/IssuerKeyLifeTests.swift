import Glibc
import Shared
import Testing

/// Every state of an issuer: down, slow, with a new key, flooded; no wrong verdict in any.
@Suite("The keys of an issuer, whatever it does")
struct IssuerKeyLifeTests {
    private let fixture: IssuerFixture
    private let issuer: FakeIssuer
    private let key: IssuerKey

    init() throws {
        fixture = try IssuerFixture()
        issuer = try FakeIssuer(fixture.certificates, "issuer")
        key = try IssuerKey("k1", in: fixture.certificates)
        try issuer.publish(key)
    }

    @Test(
        "down at the start: the service starts, nobody can say (503, Retry-After), and once it is up its tokens are good"
    )
    func downAtStart() throws {
        issuer.stop()
        try fixture.configure(issuer.entry())
        try fixture.startAuth()
        try fixture.startGateway()
        let token = try issuer.token(key)
        for answer in [try fixture.verify(token: token), try fixture.ask(token: token)] {
            #expect(answer.status == 503)
            #expect(answer["Retry-After"].first.flatMap { Int($0) } ?? 0 >= 1)
        }
        // Ours need no issuer.
        let own = try JWT.sign(header: #"{"alg":"HS256"}"#, payload: #"{"userId":7}"#)
        #expect(try fixture.ask(token: own).status == 200)
        try issuer.start()
        #expect(try fixture.verifyUntilNot(503, token: token).status == 200)
        #expect(try fixture.ask(token: token).status == 200)
    }

    @Test("the auth service starts before the gateway, and has the keys soon after it is there")
    func gatewayLater() throws {
        try fixture.configure(issuer.entry())
        let auth = try fixture.startAuth()
        try auth.line { $0.contains("the egress socket") && $0.contains("cannot be opened") }
        let token = try issuer.token(key)
        #expect(try fixture.verify(token: token).status == 503)
        try fixture.startGateway()
        #expect(try fixture.verifyUntilNot(503, token: token).status == 200)
    }

    @Test(
        "down later: the keys that are known serve for their bound, then nobody can say, and then they are good again")
    func downLater() throws {
        try fixture.configure(issuer.entry("  stale: 4s\n"))
        try fixture.start(issuer)
        let token = try issuer.token(key, to: 600)
        let good = try fixture.verify(token: token)
        #expect(good.status == 200)
        // A verdict is kept no longer than the keys are known to be good.
        #expect(try #require(good["Cache-Control"].first).wholeMatch(of: /private, max-age=[0-4]/) != nil)
        issuer.stop()
        #expect(try fixture.verify(token: token).status == 200)
        let gone = try fixture.verifyUntilNot(200, token: token)
        #expect(gone.status == 503 && gone["Retry-After"].count == 1)
        try issuer.start()
        #expect(try fixture.verifyUntilNot(503, token: token).status == 200)
    }

    @Test("slow: the start waits two seconds at most, a question one, others none; then the tokens are good")
    func slow() throws {
        try issuer.behave("slow 3")
        try fixture.configure(issuer.entry())
        try fixture.startGateway()
        let (_, time) = try timed { try fixture.startAuth() }
        #expect(time < .seconds(20))
        let token = try issuer.token(key)
        let own = try JWT.sign(header: #"{"alg":"HS256"}"#, payload: #"{"userId":7}"#)
        #expect(try fixture.verify(token: own).status == 200)
        #expect([200, 503].contains(try fixture.verify(token: token).status))
        #expect(try fixture.verifyUntilNot(503, token: token).status == 200)
        #expect(issuer.fetches.count == 1)
    }

    @Test("a new key: its first token has it fetched, waits for it, and is good")
    func newKey() throws {
        try fixture.configure(issuer.entry())
        try fixture.start(issuer)
        #expect(try fixture.ask(token: issuer.token(key)).status == 200)
        let new = try IssuerKey("k2", in: fixture.certificates)
        try issuer.publish(key, new)
        // On a machine that is busy the fetch may take longer than a question waits.
        #expect(try fixture.verifyUntilNot(503, token: issuer.token(new)).status == 200)
        #expect(issuer.fetches.count == 2)
        for key in [key, new] { #expect(try fixture.ask(token: issuer.token(key)).status == 200) }
        #expect(issuer.fetches.count == 2)
    }

    @Test("a flood of kids that nobody has is one fetch in the cool-down, no wrong yes, and stops no good token")
    func flood() throws {
        try fixture.configure(issuer.entry("  cool_down: 1h\n"))
        try fixture.start(issuer)
        let good = try issuer.token(key)
        for number in 0..<300 {
            let status = try fixture.verify(token: issuer.stray(number)).status
            #expect(status == 503 || status == 401, "\(number): \(status)")
            if number % 50 == 0 { #expect(try fixture.verify(token: good).status == 200) }
        }
        #expect(issuer.fetches.count == 2)
        // A token of a key that came after that fetch is not refused for good: nobody can say yet.
        let new = try IssuerKey("k2", in: fixture.certificates)
        try issuer.publish(key, new)
        let answer = try fixture.verify(token: issuer.token(new))
        #expect(answer.status == 503 && answer["Retry-After"].count == 1)
        #expect(issuer.fetches.count == 2)
    }

    @Test("a key that the issuer has withdrawn: from the next fetch on its tokens are refused, and gateways are told")
    func withdrawn() throws {
        try fixture.configure(issuer.entry())
        try fixture.start(issuer)
        let token = try issuer.token(key, from: -20)
        #expect(try fixture.verify(token: token).status == 200)
        let stream = try SocketStream.connect(unix: fixture.gatewayFixture.verifySocket)
        stream.send("GET /revocations HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while stream.input.firstRange(of: Array("event: begin".utf8)) == nil { try #require(stream.fill()) }
        let new = try IssuerKey("k2", in: fixture.certificates)
        try issuer.publish(new)
        #expect(try fixture.verifyUntilNot(503, token: issuer.token(new)).status == 200)
        #expect(try fixture.verify(token: token).status == 401)
        while stream.input.firstRange(of: Array("event: revoked\ndata: {}".utf8)) == nil { try #require(stream.fill()) }
    }

    @Test("a reload has the keys fetched at once")
    func reload() throws {
        try fixture.configure(issuer.entry())
        try fixture.start(issuer)
        let new = try IssuerKey("k2", in: fixture.certificates)
        try issuer.publish(key, new)
        let seen = try #require(fixture.auth).lines.count
        try fixture.reloadAuth()
        try #require(fixture.auth).line(from: seen) { $0.contains("the keys of an issuer were fetched") }
        #expect(issuer.fetches.count == 2)
        #expect(try fixture.verify(token: issuer.token(new)).status == 200)
        #expect(issuer.fetches.count == 2)
    }

    @Test("a bad key in a set does not take the good ones down, and is named in the log")
    func badKey() throws {
        try issuer.certificates.folder.write(
            #"{"keys":[{"kty":"oct","kid":"s","k":"c2VjcmV0"},\#(key.jwk)]}"#, to: "issuer-issuer/jwks.json")
        try fixture.configure(issuer.entry())
        try fixture.start(issuer)
        #expect(try fixture.ask(token: issuer.token(key)).status == 200)
        let line = try #require(fixture.auth).line { $0.contains("a key of an issuer is not used") }
        #expect(line.contains("key 1") && !line.contains("c2VjcmV0"))
        let forged = try JWT.sign(
            header: #"{"alg":"HS256","kid":"s"}"#, payload: #"{"iss":"\#(issuer.name)","sub":"x","exp":9999999999}"#,
            secret: "secret")
        #expect(try fixture.ask(token: forged).status == 401)
    }

    @Test("an answer that is no set, or fails, keeps the keys that are known")
    func brokenAnswer() throws {
        try fixture.configure(issuer.entry())
        try fixture.start(issuer)
        for (mode, text) in [("ok", "<html>"), ("fail", "{}")] {
            try issuer.behave(mode)
            try issuer.certificates.folder.write(text, to: "issuer-issuer/jwks.json")
            let auth = try #require(fixture.auth)
            let web = try #require(issuer.program)
            let seen = web.lines.count
            try fixture.reloadAuth()
            try web.line(from: seen) { $0.hasPrefix("request ") }
            #expect(try fixture.verify(token: issuer.token(key)).status == 200)
            try auth.line { $0.contains("the keys of an issuer cannot be fetched") }
        }
    }
}
