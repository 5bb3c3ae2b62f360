import FoundationEssentials
import Shared
import Testing

@testable import AuthService

@Suite("Sessions in the store")
struct SessionStoreTests {
    private let folder: TemporaryFolder
    private let store: AccountStore
    private let rules = SessionRules(idle: 100, lifetime: 1000, perUser: 3)

    init() throws {
        folder = try TemporaryFolder()
        store = try AccountStore(path: folder.file("auth.db"), seed: .tutorial)
    }

    private static let sign: AccountStore.Signing = { _, session in
        .success(IssuedToken(bytes: Array(session.id.utf8), expires: min(session.expires, session.used + 10)))
    }

    private func begin(_ id: String, now: Int64 = 1000) throws -> RefreshToken {
        let token = try #require(RefreshToken.make())
        let account = try #require(try store.account(1))
        _ = try store.begin(
            .init(id: id, account: account, token: token), rules: rules, now: now, sign: Self.sign)
        return token
    }

    private func refresh(_ token: RefreshToken, now: Int64) throws -> (AccountStore.Refresh, RefreshToken) {
        let next = try #require(token.next())
        return (try store.refreshSession(token, next: next, rules: rules, now: now, sign: Self.sign), next)
    }

    private func alive(now: Int64) throws -> [String] { try store.sessions(now: now).map(\.id) }

    private func revoked() throws -> [Revocation] { try store.revocations(after: 0, now: 0).new }

    @Test("no token is in the file, be it in force or used")
    func hashed() throws {
        let first = try begin("s")
        let (_, second) = try refresh(first, now: 1001)
        let files = try ["auth.db", "auth.db-wal"].map { try Data(contentsOf: URL(filePath: folder.file($0))) }
        for token in [first, second] {
            let bytes = try #require(Base64URL.decode(token.text.utf8))
            for file in files {
                #expect(file.firstRange(of: Data(token.text.utf8)) == nil)
                #expect(file.firstRange(of: Data(bytes.prefix(32))) == nil)
                #expect(file.firstRange(of: Data(bytes.suffix(32))) == nil)
            }
            #expect(files.contains { $0.firstRange(of: Data(token.family)) != nil })
        }
    }

    @Test("a token is good once; who shows it again ends the session, and its tokens are revoked")
    func reuse() throws {
        let first = try begin("s")
        let (outcome, second) = try refresh(first, now: 1001)
        guard case .refreshed(let session, _) = outcome else { throw Unexpected() }
        #expect(session.tokensEnd == 1011)
        guard case .reused(let ended) = try refresh(first, now: 1002).0 else { throw Unexpected() }
        #expect(ended.id == "s")
        #expect(try alive(now: 1002).isEmpty)
        #expect(try revoked() == [Revocation(.session, "s", made: 1002, expires: 1011, user: "1")])
        guard case .unknown = try refresh(second, now: 1003).0 else { throw Unexpected() }
    }

    @Test("of fifty uses of one token at once, from several programs, one is good, and the session has ended then")
    func race() async throws {
        let token = try begin("s")
        let stores = try (0..<4).map { _ in try AccountStore(path: folder.file("auth.db")) }
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<50 {
                let store = stores[number % 4]
                group.addTask { [rules] in
                    let next = try #require(token.next())
                    let outcome = try store.refreshSession(token, next: next, rules: rules, now: 1001, sign: Self.sign)
                    return switch outcome {
                    case .refreshed: "refreshed"
                    case .reused: "reused"
                    case .unknown: "unknown"
                    case .tooSoon, .notSigned: "other"
                    }
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(names.sorted() == ["refreshed", "reused"] + Array(repeating: "unknown", count: 48))
        #expect(try alive(now: 1001).isEmpty)
        #expect(try revoked().map(\.value) == ["s"])
    }

    @Test("a session that is not refreshed in time has ended, and no refresh brings it back")
    func idle() throws {
        let token = try begin("s")
        guard case .refreshed(_, _) = try refresh(token, now: 1099).0 else { throw Unexpected() }
        let other = try begin("t", now: 1100)
        guard case .unknown = try refresh(other, now: 1200).0 else { throw Unexpected() }
        #expect(try alive(now: 1199) == ["t"])
        #expect(try revoked().isEmpty)
    }

    @Test("one session too many ends the one that was not used for longest")
    func perUser() throws {
        let first = try begin("a", now: 1000)
        _ = try begin("b", now: 1001)
        _ = try begin("c", now: 1002)
        _ = try refresh(first, now: 1003)
        _ = try begin("d", now: 1004)
        #expect(try alive(now: 1004) == ["c", "a", "d"])
        #expect(try revoked().map(\.value) == ["b"])
    }

    @Test("a logout ends the session for good, and again is nothing")
    func end() throws {
        _ = try begin("s")
        #expect(try store.endSession("s", ofUser: 2, now: 1001) == nil)
        #expect(try store.endSession("s", ofUser: 1, now: 1001)?.id == "s")
        #expect(try store.endSession("s", now: 1001) == nil)
        #expect(try revoked().map(\.expires) == [1010])
    }

    @Test("all of a user's end together, with what tokens there are besides; who logs in then is not refused")
    func all() throws {
        _ = try begin("a")
        _ = try begin("b")
        #expect(try store.endSessions(ofUser: 1, keep: 500, now: 1001) == 2)
        #expect(try alive(now: 1001).isEmpty)
        let revoked = try revoked()
        #expect(revoked.map(\.kind) == [.session, .session, .user])
        #expect(revoked.last == Revocation(.user, "1", made: 1000, expires: 1501))
    }

    @Test("whoever revokes a session, a user or an account ends what would be refreshed")
    func revocations() throws {
        _ = try begin("a")
        try store.revoke(Revocation(.session, "a", made: 1001, expires: 9999))
        // Ours: the end of its last token is known.
        #expect(try revoked().map(\.expires) == [1010])
        _ = try begin("b")
        try store.revoke(Revocation(.user, "1", made: 1002, expires: 9999))
        #expect(try alive(now: 1002).isEmpty)
        _ = try begin("c")
        try store.remove("bob")
        #expect(try alive(now: 1002).isEmpty)
    }

    @Test("whoever showed a password that was replaced meanwhile begins no session")
    func overtaken() throws {
        let account = try #require(try store.account(1))
        func begin(since last: Int64) throws -> Bool {
            let new = AccountStore.NewSession(
                id: "\(last)", account: account, token: try #require(RefreshToken.make()), lastRevocation: last)
            if case .begun = try store.begin(new, rules: rules, now: 1000, sign: Self.sign) { return true }
            return false
        }
        let before = try store.lastRevocation(of: "bob")
        #expect(before == 0)
        #expect(try begin(since: before))
        _ = try store.changePassword(
            "hash", keep: 100, beginning: .init(id: "s", account: account, token: try #require(RefreshToken.make())),
            rules: rules, now: 1000, sign: Self.sign)
        #expect(try !begin(since: before))
        #expect(try begin(since: store.lastRevocation(of: "bob")))
        #expect(try store.lastRevocation(of: "eve") == 0)
    }

    @Test("without a token nothing changes")
    func notSigned() throws {
        let token = try begin("s")
        let next = try #require(token.next())
        let fails: AccountStore.Signing = { _, _ in .failure(.noKey) }
        guard
            case .notSigned(.noKey) = try store.refreshSession(token, next: next, rules: rules, now: 1001, sign: fails)
        else { throw Unexpected() }
        guard case .refreshed = try refresh(token, now: 1002).0 else { throw Unexpected() }
    }

    @Test("what no longer counts is removed, a bounded number at a time")
    func removal() throws {
        for name in ["a", "b", "c"] {
            _ = try begin(name)
            try store.revoke(Revocation(.token, name, made: 1000, expires: 1100))
        }
        try store.revoke(Revocation(.key, "k", made: 1000))
        #expect(try store.removeExpired(now: 1099, limit: 2) == false)
        #expect(try store.removeExpired(now: 1100, limit: 2) == true)
        #expect(try store.removeExpired(now: 1100, limit: 2) == false)
        #expect(try revoked().map(\.kind) == [.key])
        #expect(try alive(now: 0).isEmpty)
    }

    @Test("a later revocation covers what the earlier one covered")
    func merged() throws {
        try store.revoke(Revocation(.user, "1", made: 10, expires: 100))
        try store.revoke(Revocation(.user, "1", made: 9, expires: 50))
        #expect(try revoked() == [Revocation(.user, "1", made: 10, expires: 100)])
        try store.revoke(Revocation(.key, "k", made: 10))
        try store.revoke(Revocation(.key, "k", made: 11, expires: 50))
        #expect(try revoked().last == Revocation(.key, "k", made: 11))
    }

    struct Unexpected: Error {}
}
