import Shared
import Testing

@testable import AuthService

@Suite("Refresh tokens")
struct RefreshTokenTests {
    @Test("64 random bytes, of which the second half is new with each use")
    func form() throws {
        let first = try #require(RefreshToken.make())
        let second = try #require(first.next())
        #expect(first.text.utf8.count == RefreshToken.length)
        #expect(Base64URL.decode(first.text.utf8)?.count == 64)
        #expect(first.text.prefix(42) == second.text.prefix(42))
        #expect(first.family == second.family)
        #expect(first.digest != second.digest)
        let other = try #require(RefreshToken.make())
        #expect(other.family != first.family)
        // Nothing that the store knows is in the text.
        #expect(Base64URL.decode(first.text.utf8).map { Array($0.prefix(32)) } != first.family)
    }

    @Test("one that is shown is the one that was given")
    func read() throws {
        let token = try #require(RefreshToken.make())
        #expect(RefreshToken(token.text) == token)
        let last = token.text.last == "A" ? "B" : "A"
        for text in [
            "", "a", token.text + "A", String(token.text.dropLast()), token.text.dropLast() + "=",
            token.text.dropLast() + last,
            " " + token.text.dropFirst(),
        ] {
            #expect(RefreshToken(text) != token, "\(text)")
        }
        #expect(RefreshToken(token.text.dropLast() + "=") == nil)
    }
}
