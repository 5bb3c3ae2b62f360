import Shared
import Testing

@testable import AuthService

@Suite("POST /api/auth/password")
struct PasswordEndpointTests {
    private func change(
        _ fixture: SessionFixture, _ tokens: SessionFixture.Tokens, from old: String = "password", to new: String
    ) async -> ServiceResponse {
        await fixture.ask(
            .post, "/api/auth/password", #"{"password":"\#(old)","newPassword":"\#(new)"}"#, fields: tokens.bearer)
    }

    @Test("all sessions end, a new one begins, and the new password alone is good")
    func change() async throws {
        let fixture = try SessionFixture()
        let (mine, stolen, alice) = (
            try await fixture.login(), try await fixture.login(), try await fixture.login("alice")
        )
        let old = [("Authorization", "Bearer \(TokenFixtures.tutorial)")]
        fixture.pass(1)
        let response = await change(fixture, mine, to: "another")
        #expect(response.field("Cache-Control") == "no-store")
        let next = try SessionFixture.Tokens(response)
        #expect(try await fixture.verdict(next.access) == 200)
        for tokens in [mine, stolen] {
            #expect(try await fixture.verdict(tokens.access) == 401)
            #expect(await fixture.refresh(tokens).status == 401)
        }
        // From before there were sessions.
        #expect(await fixture.ask(.post, "/api/auth/logout", fields: old).text == #"{"ended":0}"#)
        #expect(try await fixture.verdict(alice.access) == 200)
        #expect(await fixture.ask(.post, "/api/auth", #"{"username":"bob","password":"password"}"#).status == 401)
        #expect(await fixture.ask(.post, "/api/auth", #"{"username":"bob","password":"another"}"#).status == 200)
        #expect(await fixture.refresh(next).status == 200)
    }

    @Test("without the password up to now, or with a new one that cannot be set, nothing changes")
    func refused() async throws {
        let fixture = try SessionFixture()
        let tokens = try await fixture.login()
        let wrong = await change(fixture, tokens, from: "guess", to: "another")
        #expect(wrong.status == 403 && wrong.text == #"{"error":"Wrong password"}"#)
        #expect(await change(fixture, tokens, to: String(repeating: "x", count: 73)).status == 400)
        #expect(await change(fixture, tokens, to: "").status == 400)
        #expect(await fixture.ask(.post, "/api/auth/password", "{}", fields: tokens.bearer).status == 400)
        let body = #"{"password":"password","newPassword":"another"}"#
        #expect(await fixture.ask(.post, "/api/auth/password", body).status == 401)
        #expect(try await fixture.verdict(tokens.access) == 200)
        #expect(try await fixture.login().expiresIn == 900)
        _ = await fixture.ask(.post, "/api/auth/logout", fields: tokens.bearer)
        #expect(await fixture.ask(.post, "/api/auth/password", body, fields: tokens.bearer).status == 401)
    }

    @Test("guesses at the password are limited as those of logins are, and together with them")
    func limited() async throws {
        let fixture = try SessionFixture()
        let tokens = try await fixture.login()
        var statuses: [Int] = []
        for _ in 0..<20 { statuses.append(await change(fixture, tokens, from: "guess", to: "another").status) }
        #expect(statuses.first == 403)
        #expect(statuses.last == 429)
        let response = await change(fixture, tokens, to: "another")
        #expect(response.status == 429)
        #expect(response.field("Retry-After").flatMap { Int($0) } ?? 0 > 0)
        #expect(await fixture.ask(.post, "/api/auth", #"{"username":"bob","password":"password"}"#).status == 429)
    }
}
