import Glibc
import Testing

@testable import AuthService

@Suite("Password hasher")
struct PasswordHasherTests {
    /// The cheapest cost that bcrypt has.
    private let hasher = PasswordHasher(cost: 4)
    private static let tutorialHash = "$2y$10$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKSq"

    @Test("the tutorial's hash matches the tutorial's password, whichever of its names bcrypt has")
    func tutorialHash() {
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let hash = prefix + Self.tutorialHash.dropFirst(4)
            #expect(hasher.matches("password", hash: hash))
            #expect(!hasher.matches("Password", hash: hash))
        }
    }

    @Test("a new hash is $2b$ of the configured cost, salted afresh, and matches its password alone")
    func newHash() throws {
        let hash = try PasswordHasher(cost: 5).hash("caf\u{e9} \u{1f600}")
        #expect(hash.hasPrefix("$2b$05$"))
        #expect(hash.utf8.count == 60)
        #expect(try PasswordHasher(cost: 5).hash("caf\u{e9} \u{1f600}") != hash)
        #expect(hasher.matches("caf\u{e9} \u{1f600}", hash: hash))
        // Canonically equivalent, other bytes.
        #expect(!hasher.matches("cafe\u{301} \u{1f600}", hash: hash))
        #expect(!hasher.matches("", hash: hash))
    }

    @Test("a password of more than 72 bytes is refused when set")
    func longPassword() throws {
        #expect(throws: PasswordError.tooLong(longest: 72)) { try hasher.hash(String(repeating: "a", count: 73)) }
        #expect(throws: PasswordError.tooLong(longest: 72)) { try hasher.hash(String(repeating: "\u{e9}", count: 37)) }
        #expect(throws: PasswordError.empty) { try hasher.hash("") }
        let longest = String(repeating: "a", count: 72)
        let hash = try hasher.hash(longest)
        #expect(hasher.matches(longest, hash: hash))
        #expect(!hasher.matches(String(longest.dropLast()), hash: hash))
        // What bcrypt does everywhere with what comes after; also far beyond what libxcrypt takes at all.
        #expect(hasher.matches(longest + String(repeating: "b", count: 5000), hash: hash))
    }

    @Test("a NUL does not cut a password short")
    func nul() throws {
        #expect(throws: PasswordError.hasNUL) { try hasher.hash("pass\0word") }
        #expect(!hasher.matches("pass\0word", hash: try hasher.hash("pass")))
        #expect(!hasher.matches("password\0", hash: Self.tutorialHash))
    }

    @Test(
        "a hash of another form matches nothing",
        arguments: [
            "", "password", "$2x$10$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKSq",
            "$2y$10$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKS",
            "$2y$10$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKSqq",
            "$2y$03$mj1OMFvVmGAR4gEEXZGtA.R5wYWBZTis72hSXzpxEs.QoXT3ifKSq", "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0", "*0",
            "*1",
        ])
    func foreignHash(hash: String) {
        #expect(!hasher.matches("password", hash: hash))
    }

    @Test("a cost that bcrypt does not have makes no hash", arguments: [3, 32, 0, -1])
    func impossibleCost(cost: Int) {
        #expect(throws: PasswordError.unavailable) { try PasswordHasher(cost: cost).hash("x") }
    }

    @Test("an account that does not exist costs what a wrong password costs")
    func dummyHash() throws {
        let hasher = PasswordHasher(cost: 8)
        let hash = try hasher.hash("right")
        var (wrong, absent) = ([Double](), [Double]())
        for _ in 0..<5 {
            wrong.append(cpuTime { _ = hasher.matches("wrong", hash: hash) })
            absent.append(cpuTime { hasher.spendTime(on: "wrong") })
        }
        let ratio = try #require(absent.min()) / #require(wrong.min())
        #expect((0.5...2).contains(ratio), "\(ratio)")
    }

    /// Seconds that this thread was on a core for, whatever else the machine did.
    private func cpuTime(_ work: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        work()
        return now() - start
    }
}
