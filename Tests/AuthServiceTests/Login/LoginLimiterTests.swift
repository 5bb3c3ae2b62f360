import FoundationEssentials
import Testing

@testable import AuthService

@Suite("Limits of logins in the store")
struct LoginLimiterTests {
    private let folder = try? TemporaryFolder()
    private let near = ClientAddress("192.0.2.1")
    private let far = ClientAddress("198.51.100.7")

    private func store() throws -> AccountStore {
        try AccountStore(path: #require(folder).file("auth.db"), seed: .tutorial)
    }

    private func limiter(_ store: AccountStore, address: Int = 100) throws -> LoginLimiter {
        var limits = LoginLimits()
        limits.address = address
        return try LoginLimiter(store: store, limits: limits)
    }

    /// Fails once; false where the attempt was not admitted.
    private func fail(
        _ limiter: LoginLimiter, _ name: String, _ account: Account? = nil, from address: ClientAddress?, at now: Int64
    ) throws -> Bool {
        guard case .admitted(let attempt) = try limiter.admit(name, account, from: address, now: now) else {
            return false
        }
        try limiter.failed(attempt, now: now)
        return true
    }

    @Test("an account that there is and one that there is not are limited in the same way", arguments: ["bob", "eve"])
    func accounts(name: String) throws {
        let store = try store()
        let limiter = try limiter(store)
        let account = try store.credentials(of: name)?.account
        for _ in 0..<5 { #expect(try fail(limiter, name, account, from: far, at: 1000)) }
        #expect(try limiter.admit(name, account, from: near, now: 1000) == .limited(.account, wait: 1000))
        #expect(try limiter.admit(name, account, from: nil, now: 1999) == .limited(.account, wait: 1))
        #expect(try fail(limiter, name, account, from: far, at: 2000))
        #expect(try limiter.admit(name, account, from: far, now: 2000) == .limited(.account, wait: 2000))
        // Names differ by their bytes, case included.
        #expect(try fail(limiter, name.uppercased(), from: far, at: 2000))
    }

    @Test("a restart forgives nothing")
    func restart() throws {
        for _ in 0..<5 { #expect(try fail(limiter(store()), "bob", from: far, at: 1000)) }
        #expect(try limiter(store()).admit("bob", nil, from: far, now: 1000) == .limited(.account, wait: 1000))
    }

    @Test("guesses at many names from one network are limited, and another network is not")
    func addresses() throws {
        let limiter = try limiter(store(), address: 3)
        for name in ["a", "b", "c"] { #expect(try fail(limiter, name, from: ClientAddress("2001:db8::1"), at: 0)) }
        // The same network of 64 bits.
        let neighbour = ClientAddress("2001:db8:0:0:ffff::2")
        #expect(try limiter.admit("d", nil, from: neighbour, now: 0) == .limited(.address, wait: 1000))
        #expect(try fail(limiter, "d", from: ClientAddress("2001:db8:0:1::1"), at: 0))
        #expect(try fail(limiter, "e", from: nil, at: 0))
    }

    @Test("a login forgets what failed at its account, and nothing that failed from its network")
    func success() throws {
        let store = try store()
        let limiter = try limiter(store, address: 6)
        let bob = try #require(try store.credentials(of: "bob")?.account)
        for _ in 0..<5 { #expect(try fail(limiter, "bob", bob, from: near, at: 0)) }
        guard case .admitted(let attempt) = try limiter.admit("bob", bob, from: near, now: 5000) else {
            Issue.record("not admitted")
            return
        }
        try limiter.succeeded(attempt, bob, now: 5000)
        #expect(try fail(limiter, "bob", bob, from: near, at: 5000))
        guard case .limited(.address, _) = try limiter.admit("bob", bob, from: near, now: 5000) else {
            Issue.record("an own account forgives guesses at others")
            return
        }
    }

    @Test("whoever guesses elsewhere does not keep the owner out where he has logged in before")
    func ownersPlace() throws {
        let store = try store()
        let limiter = try limiter(store)
        let bob = try #require(try store.credentials(of: "bob")?.account)
        guard case .admitted(let attempt) = try limiter.admit("bob", bob, from: near, now: 0) else {
            Issue.record("not admitted")
            return
        }
        try limiter.succeeded(attempt, bob, now: 0)
        for _ in 0..<5 { #expect(try fail(limiter, "bob", bob, from: far, at: 1000)) }
        #expect(try limiter.admit("bob", bob, from: far, now: 1000) == .limited(.account, wait: 1000))
        // Where he was before there is a count of its own, and it has an end too.
        for _ in 0..<5 { #expect(try fail(limiter, "bob", bob, from: near, at: 1000)) }
        #expect(try limiter.admit("bob", bob, from: near, now: 1000) == .limited(.account, wait: 1000))
        // It is alice's place only when she has been there.
        let alice = try #require(try store.credentials(of: "alice")?.account)
        for _ in 0..<5 { #expect(try fail(limiter, "alice", alice, from: far, at: 1000)) }
        #expect(try limiter.admit("alice", alice, from: near, now: 1000) == .limited(.account, wait: 1000))
        // A place is forgotten in the end, and at once with another password.
        let later = 1000 + LoginLimiter.originLifetime
        for _ in 0..<5 { #expect(try fail(limiter, "bob", bob, from: far, at: later)) }
        #expect(try limiter.admit("bob", bob, from: near, now: later) == .limited(.account, wait: 1000))
    }

    @Test("an unlocked account can be tried at once, from everywhere")
    func release() throws {
        let store = try store()
        let limiter = try limiter(store)
        let bob = try #require(try store.credentials(of: "bob")?.account)
        guard case .admitted(let attempt) = try limiter.admit("bob", bob, from: near, now: 0) else {
            Issue.record("not admitted")
            return
        }
        try limiter.succeeded(attempt, bob, now: 0)
        for address in [near, far] {
            for _ in 0..<5 { #expect(try fail(limiter, "bob", bob, from: address, at: 1000)) }
        }
        try AccountAdministration(store: store, hasher: PasswordHasher(cost: 4)).unlock("bob")
        for address in [near, far] { #expect(try fail(limiter, "bob", bob, from: address, at: 1000)) }
    }

    @Test("no name that was typed is in the store")
    func names() throws {
        let store = try store()
        #expect(try fail(limiter(store), "hunter2-typed-for-a-name", from: far, at: 0))
        for name in try #require(folder).names() {
            let bytes = try Data(contentsOf: URL(filePath: #require(folder).file(name)))
            #expect(bytes.firstRange(of: Data("hunter2".utf8)) == nil)
        }
    }

    @Test("a flood of names fills no disk, and what is the worst is forgotten last")
    func bound() throws {
        let store = try store()
        let worst = [UInt8](repeating: 1, count: 16)
        try store.updateFailures(worst, now: 0, limit: 100) { _ in FailureCount(forgotten: 1_000_000, blocked: 0) }
        for number in 0..<1000 {
            // One in 64 keys by chance has a look at the number of all.
            let key = [UInt8(truncatingIfNeeded: number * 37), UInt8(number / 256), UInt8(number % 256)]
            try store.updateFailures(key, now: 0, limit: 100) { _ in FailureCount(forgotten: 500, blocked: 0) }
        }
        let count = try FileTools.number("SELECT COUNT(*) FROM login_failures", in: store.path)
        #expect(count <= 200)
        #expect(try store.failures(worst) != nil)
        // What is forgotten goes with the next one that looks.
        try store.updateFailures([0, 1], now: 2_000_000, limit: 100) { _ in
            FailureCount(forgotten: 3_000_000, blocked: 0)
        }
        #expect(try FileTools.number("SELECT COUNT(*) FROM login_failures", in: store.path) == 1)
    }

    @Test("of an account so many places are remembered, the latest ones")
    func places() throws {
        let store = try store()
        for number in 0..<40 {
            try store.noteOrigin([UInt8(number)], of: 1, now: Int64(number), lifetime: 1000)
        }
        #expect(try store.isOrigin([39], of: 1, since: 0))
        #expect(try !store.isOrigin([40 - UInt8(AccountStore.originLimit) - 1], of: 1, since: 0))
        try store.remove("bob")
        #expect(try FileTools.number("SELECT COUNT(*) FROM login_origins", in: store.path) == 0)
    }
}
