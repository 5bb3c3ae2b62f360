import Testing

@testable import AuthService

@Suite("yescrypt")
struct YescryptTests {
    private let hasher = PasswordHasher(PasswordForm(.yescrypt, cost: 1))
    /// Made by crypt(3) elsewhere.
    private static let foreign = [
        "$y$j9T$k2XAnEHBqQ1Ct2aMXFKN..$cfl/4LfUk87rIVfaqgGSDCjQ8aHtuCJs9a3iYe8Jkp/",
        "$y$j75$k2XAnEHBqQ1Ct2aMXFKN..$1WNJR/8uba7sugVP52TqLVO.WRKotiEjPTmwAHDlVB8",
    ]

    @Test("hashes of other programs match their password and no other", arguments: foreign)
    func matches(hash: String) {
        #expect(hasher.matches("correct horse", hash: hash))
        #expect(!hasher.matches("correct horsE", hash: hash))
        #expect(!hasher.matches("", hash: hash))
    }

    @Test("a new hash is of the configured cost, and salted afresh")
    func newHash() throws {
        let hash = try hasher.hash("caf\u{e9}")
        #expect(hash.hasPrefix("$y$j75$"))
        #expect(try hasher.hash("caf\u{e9}") != hash)
        #expect(hasher.matches("caf\u{e9}", hash: hash))
        #expect(PasswordHasher(cost: 4).matches("caf\u{e9}", hash: hash))
    }

    @Test("it counts beyond 72 bytes, up to 511, and a longer password is refused when set and matches nothing")
    func long() throws {
        let longest = String(repeating: "a", count: 511)
        let hash = try hasher.hash(longest)
        #expect(hasher.matches(longest, hash: hash))
        #expect(!hasher.matches(String(longest.dropLast()), hash: hash))
        #expect(!hasher.matches(longest + "a", hash: hash))
        #expect(throws: PasswordError.tooLong(longest: 511)) { try hasher.hash(longest + "a") }
        #expect(throws: PasswordError.hasNUL) { try hasher.hash("a\0b") }
        #expect(!hasher.matches("correct horse\0", hash: Self.foreign[1]))
    }

    @Test("a hash that is cut, has other parameters, or is a setting alone matches nothing")
    func broken() {
        let whole = Self.foreign[1]
        for hash in [
            String(whole.dropLast()), whole + "a", "$y$j75$k2XAnEHBqQ1Ct2aMXFKN..$", "$y$j75$k2XAnEHBqQ1Ct2aMXFKN..",
            whole.replacing("j75", with: "j65"), whole.replacing("k2XA", with: "k2X!"),
        ] {
            #expect(!hasher.matches("correct horse", hash: hash), "\(hash)")
        }
    }

    @Test("which hashes are to be made anew, and of which passwords")
    func replacing() throws {
        let bcrypt = PasswordHasher(PasswordForm(.bcrypt, cost: 5))
        let old = try PasswordHasher(cost: 4).hash("x")
        #expect(bcrypt.shouldReplace(old, of: "x"))
        #expect(hasher.shouldReplace(old, of: "x"))
        #expect(!PasswordHasher(cost: 4).shouldReplace(old, of: "x"))
        // Another letter is no other form.
        #expect(!PasswordHasher(cost: 4).shouldReplace("$2y$" + old.dropFirst(4), of: "x"))
        #expect(bcrypt.shouldReplace(try hasher.hash("x"), of: "x"))
        // What was typed after the 72nd byte was compared with nothing, and must not become part of the password.
        #expect(!hasher.shouldReplace(old, of: String(repeating: "a", count: 73)))
        // bcrypt could not take it as a whole.
        #expect(!bcrypt.shouldReplace(Self.foreign[1], of: String(repeating: "a", count: 73)))
    }
}
