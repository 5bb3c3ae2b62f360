import Shared
import Testing

@testable import AuthService

@Suite("Sessions by their endpoints")
struct SessionEndpointsTests {
    @Test("with sessions off a login gives the tutorial's answer, and the endpoints are not there")
    func off() async throws {
        let fixture = try SessionFixture("token: {lifetime: 24h}")
        let login = await fixture.ask(.post, "/api/auth", #"{"username":"bob","password":"password"}"#)
        #expect(login.text == #"{"token":"\#(TokenFixtures.tutorial)"}"#)
        for (method, path) in [
            (.post, "/api/auth/refresh"), (.post, "/api/auth/logout"), (.get, "/api/auth/session"),
        ] as [(Method, String)] {
            #expect(await fixture.ask(method, path).status == 404)
        }
    }

    @Test("a login begins a session; its token names it, and lasts as long as it says")
    func login() async throws {
        let fixture = try SessionFixture()
        let tokens = try await fixture.login()
        #expect(tokens.expiresIn == 900)
        let token = try TokenFixtures.verifier().verify(tokens.access)
        #expect(token.claims.members.map(\.name) == ["userId", "location", "name", "iat", "exp", "sid"])
        #expect(try fixture.store.sessions(now: fixture.now).map(\.id) == [token.claims["sid"]?.string])
        #expect(try await fixture.verdict(tokens.access) == 200)
        // No token outlives its session.
        let short = try SessionFixture("sessions: {idle: 60s, lifetime: 90s}\ntoken: {lifetime: 1h}")
        #expect(try await short.login().expiresIn == 60)
    }

    @Test("a refresh gives other tokens of the same session, and the old one twice ends it at once")
    func refresh() async throws {
        let fixture = try SessionFixture()
        let first = try await fixture.login()
        fixture.pass(10)
        let response = await fixture.refresh(first)
        let second = try SessionFixture.Tokens(response)
        #expect(response.field("Cache-Control") == "no-store")
        #expect(first.refresh != second.refresh && first.access != second.access)
        #expect(try await fixture.verdict(first.access) == 200)
        #expect(await fixture.refresh(first).status == 401)
        for token in [first, second] {
            #expect(try await fixture.verdict(token.access) == 401)
            #expect(await fixture.refresh(token).status == 401)
        }
        #expect(fixture.reuses.map(\.user) == [1])
        // The others of the user go on.
        #expect(try await fixture.verdict(fixture.login().access) == 200)
    }

    @Test("within the grace the token before the last is 409 and ends nothing")
    func grace() async throws {
        let fixture = try SessionFixture("sessions: {reuse_grace: 5s}")
        let first = try await fixture.login()
        let second = try SessionFixture.Tokens(await fixture.refresh(first))
        let soon = await fixture.refresh(first)
        #expect(soon.status == 409 && soon.field("Retry-After") == "1")
        #expect(try await fixture.verdict(second.access) == 200)
        fixture.pass(5)
        #expect(await fixture.refresh(first).status == 401)
        #expect(try await fixture.verdict(second.access) == 401)
    }

    @Test(
        "what is no refresh token",
        arguments: [
            ("", 401), ("{}", 401), (#"{"refreshToken":""}"#, 401), (#"{"refreshToken":7}"#, 401), ("{", 400),
            ("[]", 400), (#"{"refreshToken":"\#(String(repeating: "A", count: 86))"}"#, 401),
        ])
    func malformed(body: String, status: Int) async throws {
        let response = try await SessionFixture().ask(.post, "/api/auth/refresh", body)
        #expect(response.status == status)
        #expect(response.field("Cache-Control") == "no-store")
    }

    @Test("a logout ends this session by either token, at once, and is no error a second time")
    func logout() async throws {
        let fixture = try SessionFixture()
        let (one, other) = (try await fixture.login(), try await fixture.login())
        let byAccess = await fixture.ask(.post, "/api/auth/logout", fields: one.bearer)
        #expect(byAccess.status == 200 && byAccess.text == #"{"ended":1}"#)
        #expect(byAccess.field("Cache-Control") == "no-store")
        #expect(try await fixture.verdict(one.access) == 401)
        #expect(await fixture.refresh(one).status == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", fields: one.bearer).text == #"{"ended":0}"#)
        #expect(try await fixture.verdict(other.access) == 200)
        #expect(await fixture.ask(.post, "/api/auth/logout", other.body).text == #"{"ended":1}"#)
        #expect(try await fixture.verdict(other.access) == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", other.body).text == #"{"ended":0}"#)
        #expect(await fixture.ask(.post, "/api/auth/logout").status == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", fields: [("Authorization", "Bearer a.b.c")]).status == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", #"{"all":1}"#, fields: one.bearer).status == 400)
    }

    @Test("all of the user's sessions end, or another one; nobody else's")
    func logoutElsewhere() async throws {
        let fixture = try SessionFixture()
        let (one, two, alice) = (try await fixture.login(), try await fixture.login(), try await fixture.login("alice"))
        let ids = try fixture.store.sessions(ofUser: 1, now: fixture.now).map(\.id)
        let mine = try #require(try TokenFixtures.verifier().verify(one.access).claims["sid"]?.string)
        let other = try #require(ids.first { $0 != mine })
        let end = { (body: String, token: SessionFixture.Tokens) in
            await fixture.ask(.post, "/api/auth/logout", body, fields: token.bearer).text
        }
        #expect(await end(#"{"session":"\#(other)"}"#, alice) == #"{"ended":0}"#)
        #expect(try await fixture.verdict(two.access) == 200)
        #expect(await end(#"{"session":"\#(other)"}"#, one) == #"{"ended":1}"#)
        #expect(try await fixture.verdict(two.access) == 401)
        let three = try await fixture.login()
        // A token that was revoked itself ends nothing else.
        #expect(await fixture.ask(.post, "/api/auth/logout", #"{"all":true}"#, fields: two.bearer).status == 401)
        #expect(await end(#"{"all":true}"#, one) == #"{"ended":2}"#)
        for token in [one, three] { #expect(try await fixture.verdict(token.access) == 401) }
        #expect(try await fixture.verdict(alice.access) == 200)
        // In the same second.
        #expect(try await fixture.verdict(fixture.login().access) == 200)
    }

    @Test("an old refresh token ends its own session, and no other, whatever it asks for")
    func oldToken() async throws {
        let fixture = try SessionFixture()
        let (one, other) = (try await fixture.login(), try await fixture.login())
        let next = try SessionFixture.Tokens(await fixture.refresh(one))
        let body = #"{"refreshToken":"\#(one.refresh)","all":true}"#
        #expect(await fixture.ask(.post, "/api/auth/logout", body).text == #"{"ended":1}"#)
        #expect(try await fixture.verdict(next.access) == 401)
        #expect(try await fixture.verdict(other.access) == 200)
    }

    @Test("a token of before there were sessions can end itself, and nothing else")
    func withoutSession() async throws {
        let fixture = try SessionFixture()
        let bearer = [("Authorization", "Bearer \(TokenFixtures.tutorial)")]
        #expect(await fixture.ask(.get, "/api/auth/session", fields: bearer).status == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", #"{"all":true}"#, fields: bearer).status == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", fields: bearer).text == #"{"ended":1}"#)
        #expect(try await fixture.verdict(TokenFixtures.tutorial) == 401)
        #expect(await fixture.ask(.post, "/api/auth/logout", fields: bearer).text == #"{"ended":0}"#)
    }

    @Test("who is logged in, and with which sessions")
    func whoAmI() async throws {
        let fixture = try SessionFixture()
        let tokens = try await fixture.login()
        let sid = try #require(try TokenFixtures.verifier().verify(tokens.access).claims["sid"]?.string)
        let (now, day) = (TokenFixtures.issued, Int64(86400))
        let response = await fixture.ask(.get, "/api/auth/session", fields: tokens.bearer)
        #expect(
            response.text == """
                {"user":{"id":1,"username":"bob","name":"Bob","location":"USA"},"session":"\(sid)","sessions":\
                [{"id":"\(sid)","begun":\(now),"used":\(now),"expires":\(now + 7 * day),"ends":\(now + 30 * day)}]}
                """)
        #expect(response.field("Cache-Control") == "no-store")
        #expect(await fixture.ask(.get, "/api/auth/session").status == 401)
        _ = await fixture.ask(.post, "/api/auth/logout", fields: tokens.bearer)
        #expect(await fixture.ask(.get, "/api/auth/session", fields: tokens.bearer).status == 401)
    }

    @Test("a store that cannot be written is 503: nothing is used up, and no logout is told to be done")
    func fullDisk() async throws {
        let fixture = try SessionFixture("sessions: {per_user: 1000}", pageLimit: 40)
        var tokens: [SessionFixture.Tokens] = []
        while let more = try? await fixture.login() { tokens.append(more) }
        let (first, last) = (try #require(tokens.first), try #require(tokens.last))
        let login = await fixture.ask(.post, "/api/auth", #"{"username":"bob","password":"password"}"#)
        #expect(login.status == 503 && login.field("Retry-After") == "1")
        guard case .store(.full)? = fixture.faults.last else {
            Issue.record("the fault is not a full disk: \(fixture.faults)")
            return
        }
        #expect(try fixture.store.sessions(now: fixture.now).count == tokens.count)
        // What needs no more room goes on; what could not be written is not said to be done.
        for token in [first, last] {
            let logout = await fixture.ask(.post, "/api/auth/logout", fields: token.bearer)
            #expect([200, 503].contains(logout.status))
            #expect(try await fixture.verdict(token.access) == (logout.status == 200 ? 401 : 200))
        }
    }
}
