import CLinux
import Shared
import Synchronization
import Testing

@testable import AuthService

@Suite("Checking passwords")
struct PasswordServiceTests {
    private let folder = try? TemporaryFolder()
    private let notices = Recorder<PasswordService.Notice>()
    /// The settings that the hash function was called with.
    private let settings = Recorder<String>()
    private let near = Requester(address: ClientAddress("192.0.2.1"))

    private func store() throws -> AccountStore {
        try AccountStore(path: #require(folder).file("auth.db"), seed: .tutorial)
    }

    private func hasher(_ scheme: PasswordScheme, cost: Int) -> PasswordHasher {
        PasswordHasher(PasswordForm(scheme, cost: cost)) { [settings] password, setting in
            settings.record(setting)
            return CryptFunction.hash(password, setting: setting)
        }
    }

    /// `store` with bob's password `secret`, hashed by `scheme`.
    private func giveBob(_ scheme: PasswordScheme, cost: Int, in store: AccountStore) throws {
        try store.setPasswordHash(PasswordHasher(PasswordForm(scheme, cost: cost)).hash("secret"), of: "bob")
    }

    /// What the function was called with, without salts and results.
    private var forms: [PasswordForm?] { settings.all.map { PasswordForm(hash: $0) } }

    @Test(
        "an unknown user costs the one hash that a wrong password costs, by the configured scheme and cost",
        arguments: [PasswordForm(.bcrypt, cost: 5), PasswordForm(.yescrypt, cost: 2)])
    func uniform(form: PasswordForm) async throws {
        let store = try store()
        try giveBob(form.scheme, cost: form.cost, in: store)
        let service = try PasswordService(store: store, hasher: hasher(form.scheme, cost: form.cost))
        #expect(await service.check("bob", "wrong", for: near) == .wrongPassword)
        #expect(await service.check("eve", "wrong", for: near) == .unknownUser)
        #expect(forms == [form, form])
        #expect(notices.all.isEmpty)
    }

    @Test("where an unknown user may be told, nothing is hashed for one")
    func tutorial() async throws {
        let service = try PasswordService(
            store: store(), hasher: hasher(.bcrypt, cost: 4), hidesUnknownUsers: false)
        #expect(await service.check("eve", "wrong", for: near) == .unknownUser)
        #expect(settings.all.isEmpty)
    }

    @Test("a login makes the hash anew, by the configured scheme, and the password stays what it was")
    func rehash() async throws {
        let store = try store()
        try giveBob(.bcrypt, cost: 4, in: store)
        let service = try PasswordService(store: store, hasher: hasher(.yescrypt, cost: 1))
        #expect(await service.check("bob", "wrong", for: near) == .wrongPassword)
        guard case .correct(let bob) = await service.check("bob", "secret", for: near) else {
            Issue.record("the password is not taken")
            return
        }
        // One worker: what it does next comes after the hash that nobody waits for, or is the second login.
        let replaced = await eventually { service.counters[.rehashed] == 1 }
        #expect(replaced)
        #expect(try hash(of: "bob", store)?.hasPrefix("$y$j75$") == true)
        #expect(await service.check("bob", "secret", for: near) == .correct(bob))
        #expect(
            forms == [
                .init(.bcrypt, cost: 4), .init(.bcrypt, cost: 4), .init(.yescrypt, cost: 1), .init(.yescrypt, cost: 1),
            ])
    }

    @Test("a hash is not made anew over a password that was changed meanwhile")
    func compareAndSet() async throws {
        let store = try store()
        try giveBob(.bcrypt, cost: 4, in: store)
        let old = try #require(try hash(of: "bob", store))
        let authenticator = Authenticator(
            store: store, hasher: hasher(.yescrypt, cost: 1), limiter: nil, hidesUnknownUsers: true)
        let bob = try #require(try store.credentials(of: "bob")?.account)
        let other = try PasswordHasher(cost: 4).hash("other")
        try store.setPasswordHash(other, of: "bob")
        #expect(try !authenticator.replaceHash(old, of: bob, "secret"))
        #expect(try hash(of: "bob", store) == other)
        try store.remove("bob")
        #expect(try !authenticator.replaceHash(other, of: bob, "other"))
    }

    @Test("of a hundred guesses at once no more are compared than are free")
    func parallelGuesses() async throws {
        let store = try store()
        try giveBob(.bcrypt, cost: 4, in: store)
        let service = try PasswordService(
            store: store, hasher: hasher(.bcrypt, cost: 4), limits: LoginLimits(),
            pool: HashingPool(workers: 4, queue: 100), now: { 1_000_000 }, notify: notices.record)
        let outcomes = await withTaskGroup(of: PasswordCheck.self) { group in
            for number in 0..<100 {
                group.addTask { [near] in await service.check("bob", "guess\(number)", for: near) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(settings.all.count == 5)
        #expect(outcomes.filter { $0 == .wrongPassword }.count == 5)
        #expect(outcomes.filter { $0 == .limited(.account, seconds: 1) }.count == 95)
        #expect(service.counters[.limitedByAccount] == 95)
        // Not even the right one is compared now, and nobody learns whether it was.
        #expect(await service.check("bob", "secret", for: Requester()) == .limited(.account, seconds: 1))
        #expect(settings.all.count == 5)
        #expect(notices.all.filter { $0 == .failed(user: "bob", address: near.address) }.count == 5)
        #expect(notices.all.contains(.limited(.account, user: "bob", address: near.address)))
    }

    @Test("many right logins at once are all let in, with as little left as there is")
    func parallelLogins() async throws {
        let store = try store()
        try giveBob(.bcrypt, cost: 4, in: store)
        let service = try PasswordService(
            store: store, limits: LoginLimits(), pool: HashingPool(workers: 4, queue: 100), now: { 1_000_000 })
        for _ in 0..<4 { #expect(await service.check("bob", "guess", for: near) == .wrongPassword) }
        let right = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { [near] in
                    if case .correct = await service.check("bob", "secret", for: near) { true } else { false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(right == 50)
    }

    @Test("nothing that was typed for a name is told of a name that nobody has")
    func unknownName() async throws {
        let service = try PasswordService(
            store: store(), limits: LoginLimits(), now: { 1_000_000 }, notify: notices.record)
        for _ in 0..<6 { _ = await service.check("hunter2", "x", for: near) }
        #expect(
            notices.all == Array(repeating: .failed(user: nil, address: near.address), count: 5) + [
                .limited(.account, user: nil, address: near.address)
            ])
    }

    @Test("who waits no longer is not hashed for")
    func deadline() async throws {
        let service = try PasswordService(store: store(), hasher: hasher(.bcrypt, cost: 4))
        let late = Requester(deadline: postern_monotonic_ns() - 1)
        #expect(await service.check("bob", "password", for: late) == .unavailable)
        #expect(settings.all.isEmpty)
        #expect(service.counters[.abandoned] == 1)
    }

    @Test("a hash that nobody can compare with is the operator's to mend")
    func foreignHash() async throws {
        let store = try store()
        try store.setPasswordHash("$6$rounds=5000$abc$def", of: "bob")
        let service = try PasswordService(store: store, hasher: hasher(.bcrypt, cost: 4), notify: notices.record)
        #expect(await service.check("bob", "password", for: near) == .wrongPassword)
        #expect(notices.all.first == .fault(.unusableHash("bob")))
        #expect(forms == [PasswordForm(.bcrypt, cost: 4)])
    }

    @Test("a hash for a new password is of the configured form, and one that cannot be set is refused before it waits")
    func newHash() async throws {
        let service = try PasswordService(store: store(), hasher: hasher(.yescrypt, cost: 1))
        #expect(try await service.hash("new", for: near).hasPrefix("$y$j75$"))
        await #expect(throws: PasswordError.tooLong(longest: 511)) {
            try await service.hash(String(repeating: "a", count: 512), for: near)
        }
        service.pool.shutDown()
        await #expect(throws: PasswordError.empty) { try await service.hash("", for: near) }
        await #expect(throws: PasswordError.unavailable) { try await service.hash("new", for: near) }
    }

    private func hash(of name: String, _ store: AccountStore) throws -> String? {
        try store.credentials(of: name)?.passwordHash
    }

    /// Lets other tasks run until `condition` holds; false when it does not in some seconds.
    private func eventually(_ condition: () throws -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if (try? condition()) == true { return true }
            await Task.yield()
        }
        return false
    }
}
