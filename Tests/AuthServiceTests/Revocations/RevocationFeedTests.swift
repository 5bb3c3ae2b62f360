import ArgumentParser
import Shared
import Testing

@testable import AuthService

@Suite("Revocations in the store")
struct RevocationFeedTests {
    private let folder: TemporaryFolder
    private let store: AccountStore

    init() throws {
        folder = try TemporaryFolder()
        store = try AccountStore(path: folder.file("auth.db"), seed: .tutorial)
    }

    @Test("they outlive a restart, and go when what they are about has expired")
    func kept() throws {
        try store.revoke(Revocation(.token, "d", made: 5, expires: 20, user: "1"))
        try store.revoke(Revocation(.user, "1", made: 6))
        let again = try AccountStore(path: folder.file("auth.db"))
        #expect(try again.revocations(after: 0, now: 19).new.map(\.kind) == [.token, .user])
        #expect(try again.revocations(after: 0, now: 19).new[0].user == "1")
        #expect(try again.revocations(after: 0, now: 20).new.map(\.kind) == [.user])
        // A later one takes the place of the earlier one, and has a number of its own.
        let last = try again.revocations(after: 0, now: 0).last
        try again.revoke(Revocation(.user, "1", made: 30))
        #expect(try again.revocations(after: last, now: 30).new == [Revocation(.user, "1", made: 30)])
        #expect(try !again.removeExpired(now: 30))
        #expect(try again.revocations(after: 0, now: 0).new.count == 1)
    }

    @Test("what another program revokes is heard at once")
    func heard() async throws {
        let live = LiveRevocations()
        let feed = try RevocationFeed(store: store, live: live, last: 0) { Issue.record("\($0)") }
        let stream = live.listen()
        try feed.start()
        defer { feed.stop() }
        let other = try AccountStore(path: folder.file("auth.db"))
        try other.revoke(Revocation(.key, "k", made: 5))
        // Signs of life may come before.
        var heard = ""
        while !heard.contains("revoked") {
            heard = String(decoding: try #require(await stream.next()), as: UTF8.self)
        }
        #expect(live.refuses(VerifiedToken(claims: StrictJSONObject(), payload: "", expiry: nil, keyID: "k")))
    }

    @Test("the operator revokes a user, a token, and by name")
    func administration() throws {
        let administration = RevocationAdministration(store: store, keep: 500, now: TokenFixtures.issued)
        let arguments = { (text: [String]) in try RevocationArguments.parse(text) }
        #expect(
            try administration.revokeNamed(arguments(["--user", "bob"])) == "revoked the tokens of \"bob\" (id 1)\n")
        #expect(throws: CommandFailure.self) { try administration.revokeNamed(arguments(["--user", "eve"])) }
        for option in ["--subject", "--session", "--id", "--key"] {
            #expect(try administration.revokeNamed(arguments([option, "x"])) != nil)
        }
        #expect(try administration.revokeNamed(arguments([])) == nil)
        #expect(throws: (any Error).self) { try arguments(["--user", "bob", "--key", "k"]) }
        #expect(throws: (any Error).self) { try arguments(["a.b.c", "--key", "k"]) }
        let verifier = try TokenFixtures.verifier()
        let judge = TokenJudge(own: verifier, issuers: .none)
        _ = try administration.revoke(token: Array(TokenFixtures.tutorial.utf8), judge: judge)
        #expect(throws: CommandFailure.self) { try administration.revoke(token: [], judge: judge) }
        let kept = try store.revocations(after: 0, now: 0).new
        #expect(kept.map(\.kind) == [.user, .user, .session, .id, .key, .token])
        // As long as the last of its tokens may be good; what a key signs, for good.
        let end = TokenFixtures.issued + 500
        #expect(kept.map(\.expires) == [end, end, end, end, nil, TokenFixtures.expiry])
        let text = try administration.list(asJSON: false)
        #expect(text.hasPrefix("WHAT     VALUE") && text.contains("key      x") && text.contains("for good\n"))
        let json = try administration.list(asJSON: true)
        #expect(json.hasPrefix(#"[{"kind":"user","value":"1","user":"1","revoked":1669100278,"expires":1669100778},"#))
        #expect(RevocationSet(Array(kept.suffix(1))).refuses(try verifier.verify(TokenFixtures.tutorial)))
    }

    @Test("a new password and a removal revoke the tokens that there are")
    func accounts() throws {
        let administration = AccountAdministration(store: store, hasher: PasswordHasher(cost: 4), keep: 23, now: { 77 })
        try administration.setPassword(of: "bob") { "new" }
        try administration.remove("alice")
        #expect(
            try store.revocations(after: 0, now: 0).new
                == [
                    Revocation(.user, "1", made: 77, expires: 100), Revocation(.user, "2", made: 77, expires: 100),
                ])
    }
}
