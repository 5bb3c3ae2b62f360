import Shared
import Testing

@testable import AuthService

@Suite("Sessions in cookies")
struct CookieSessionTests {
    private let fixture: SessionFixture
    private let credentials = #"{"username":"bob","password":"password"}"#

    init() throws { fixture = try SessionFixture("sessions: {cookie: on}") }

    /// What a browser would send after that answer.
    private func cookies(_ response: ServiceResponse) -> [(String, String)] {
        let pairs = response.fields.filter { $0.name == "Set-Cookie" }.map { $0.value.prefix { $0 != ";" } }
        return [("Cookie", pairs.joined(separator: "; "))]
    }

    @Test("the tokens are in the cookies alone; a refresh replaces both, a logout takes them away")
    func life() async throws {
        let login = await fixture.ask(.post, "/api/auth", credentials)
        #expect(login.text == #"{"expiresIn":900}"#)
        let first = cookies(login)
        #expect(first[0].1.hasPrefix("__Host-session="))
        #expect(await fixture.ask(.get, "/api/auth/session", fields: first).status == 200)
        let refresh = await fixture.ask(.post, "/api/auth/refresh", fields: first)
        #expect(refresh.status == 200 && refresh.text == #"{"expiresIn":900}"#)
        let second = cookies(refresh)
        #expect(first[0].1 != second[0].1)
        let logout = await fixture.ask(.post, "/api/auth/logout", fields: second)
        #expect(logout.text == #"{"ended":1}"#)
        #expect(logout.fields.filter { $0.name == "Set-Cookie" && $0.value.contains("Max-Age=0") }.count == 2)
        #expect(await fixture.ask(.get, "/api/auth/session", fields: second).status == 401)
        // Cookies that are good for nothing are taken away all the same.
        let again = await fixture.ask(.post, "/api/auth/logout", fields: second)
        #expect(again.status == 200 && again.field("Set-Cookie") != nil)
        let refused = await fixture.ask(.post, "/api/auth/refresh", fields: second)
        #expect(refused.status == 401 && refused.field("Set-Cookie") != nil)
    }

    @Test("a client without cookies says so, and has its tokens in the body from then on")
    func bearer() async throws {
        let login = await fixture.ask(
            .post, "/api/auth", #"{"username":"bob","password":"password","cookie":false}"#)
        #expect(login.field("Set-Cookie") == nil)
        let tokens = try SessionFixture.Tokens(login)
        let refresh = await fixture.refresh(tokens)
        #expect(refresh.field("Set-Cookie") == nil)
        _ = try SessionFixture.Tokens(refresh)
    }

    @Test(
        "pages of other origins log nobody in, refresh nothing and end nothing; what a client writes itself is not asked"
    )
    func crossOrigin() async throws {
        let foreign = [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "text/plain")]
        #expect(await fixture.ask(.post, "/api/auth", credentials, fields: foreign).status == 403)
        let held = cookies(await fixture.ask(.post, "/api/auth", credentials))
        for path in ["/api/auth/refresh", "/api/auth/logout"] {
            let response = await fixture.ask(.post, path, fields: held + foreign)
            #expect(response.status == 403)
            #expect(response.text == #"{"error":"Cross-origin request refused"}"#)
        }
        #expect(await fixture.ask(.get, "/api/auth/session", fields: held).status == 200)
        let tokens = try SessionFixture.Tokens(
            await fixture.ask(
                .post, "/api/auth", #"{"username":"bob","password":"password","cookie":false}"#, fields: foreign))
        #expect(await fixture.ask(.post, "/api/auth/refresh", tokens.body, fields: foreign).status == 200)
    }
}
