import ArgumentParser
import Shared
import Testing

@testable import AuthService

@Suite("session list, end")
struct SessionAdministrationTests {
    @Test("what lives is listed, without a token, and ends by its name or with all of its user's")
    func listAndEnd() async throws {
        let fixture = try SessionFixture()
        let (bob, alice) = (try await fixture.login(), try await fixture.login("alice"))
        let administration = SessionAdministration(store: fixture.store, keep: 100, now: fixture.now)
        let id = try #require(try TokenFixtures.verifier().verify(bob.access).claims["sid"]?.string)
        let list = try administration.list(of: nil, asJSON: false)
        #expect(list.split(separator: "\n").count == 3)
        #expect(list.contains("\(id)  1     bob       2022-11-22T06:57:58Z"))
        #expect(!list.contains(bob.refresh))
        let own = try administration.list(of: "bob", asJSON: true)
        #expect(own.hasPrefix(#"[{"id":"\#(id)","begun":1669100278,"#))
        #expect(own.hasSuffix("\"user\":1,\"username\":\"bob\"}]\n"))
        #expect(throws: CommandFailure.self) { try administration.list(of: "eve", asJSON: false) }

        let arguments = { (text: [String]) in try SessionEndArguments.parse(text) }
        #expect(try administration.end(arguments([id])) == "ended the session of user 1\n")
        #expect(throws: CommandFailure.self) { try administration.end(arguments([id])) }
        #expect(try administration.end(arguments(["--user", "alice"])) == "ended 1 session of \"alice\"\n")
        #expect(await fixture.refresh(bob).status == 401)
        #expect(await fixture.refresh(alice).status == 401)
    }
}
