import Shared
import Testing

@testable import AuthService

@Suite("POST /api/auth/users")
struct SignUpEndpointTests {
    private func signUp(_ fixture: SessionFixture, _ body: String) async -> ServiceResponse {
        await fixture.ask(.post, "/api/auth/users", body)
    }

    @Test("off by default, with sessions or without")
    func off() async throws {
        #expect(await signUp(try SessionFixture(), #"{"username":"c","password":"p"}"#).status == 404)
        #expect(await signUp(try SessionFixture("login: {errors: uniform}"), "{}").status == 404)
    }

    @Test("an account that can log in; a name that is taken is 409")
    func added() async throws {
        let fixture = try SessionFixture("accounts: {sign_up: on}")
        let response = await signUp(fixture, #"{"username":"carol","password":"secret","location":"Spain","id":1}"#)
        #expect(response.status == 201)
        #expect(response.text == #"{"id":4,"username":"carol","name":"carol","location":"Spain"}"#)
        #expect(response.field("Cache-Control") == "no-store")
        #expect(await fixture.ask(.post, "/api/auth", #"{"username":"carol","password":"secret"}"#).status == 200)
        let taken = await signUp(fixture, #"{"username":"carol","password":"other"}"#)
        #expect(taken.status == 409 && taken.text == #"{"error":"The username is taken"}"#)
        #expect(await signUp(fixture, #"{"username":"bob","password":"other"}"#).status == 409)
        #expect(await fixture.ask(.post, "/api/auth", #"{"username":"carol","password":"other"}"#).status == 401)
    }

    @Test(
        "what `postern user add` refuses is refused",
        arguments: [
            "", "{", "{}", #"{"username":"c"}"#, #"{"username":"","password":"p"}"#,
            #"{"username":"a\u0000b","password":"p"}"#, #"{"username":"c","password":"a\u0000b"}"#,
            #"{"username":"c","password":"p","name":7}"#, #"{"username":"c","password":"p","location":"a\nb"}"#,
            #"{"username":"\#(String(repeating: "c", count: 257))","password":"p"}"#,
            #"{"username":"c","password":"p","name":"\#(String(repeating: "c", count: 257))"}"#,
            #"{"username":"c","password":"\#(String(repeating: "p", count: 73))"}"#,
        ])
    func refused(body: String) async throws {
        let fixture = try SessionFixture("accounts: {sign_up: on}")
        let response = await signUp(fixture, body)
        #expect(response.status == 400)
        #expect(response.field("Cache-Control") == "no-store")
        #expect(try fixture.store.accounts().count == 3)
    }

    @Test("attempts are limited, be they good or not, and so is the number of accounts")
    func limited() async throws {
        let fixture = try SessionFixture("accounts: {sign_up: on, sign_ups_per_client: 3}")
        for _ in 0..<3 { #expect(await signUp(fixture, #"{"username":"bob","password":"p"}"#).status == 409) }
        let response = await signUp(fixture, #"{"username":"carol","password":"p"}"#)
        #expect(response.status == 429 && response.field("Retry-After") == "3600")
        fixture.pass(3600)
        #expect(await signUp(fixture, #"{"username":"carol","password":"p"}"#).status == 201)

        let full = try SessionFixture("accounts: {sign_up: on, most: 4}")
        #expect(await signUp(full, #"{"username":"carol","password":"p"}"#).status == 201)
        #expect(await signUp(full, #"{"username":"dave","password":"p"}"#).status == 403)
    }
}
