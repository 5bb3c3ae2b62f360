import Testing

@testable import Shared

@Suite("base64url")
struct Base64URLTests {
    @Test(
        "the vectors of RFC 4648 section 10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == Array(text.utf8))
        #expect(Base64URL.decode(Array(text.utf8)) == Array(plain.utf8))
    }

    @Test("the vector of RFC 7515 appendix C")
    func appendixC() {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == Array("A-z_4ME".utf8))
        #expect(Base64URL.decode("A-z_4ME".utf8) == [3, 236, 255, 224, 193])
    }

    @Test("every byte comes back at every length")
    func roundTrip() {
        let bytes = (0..<256).map { UInt8($0) }
        for length in 0...256 {
            #expect(Base64URL.decode(Base64URL.encode(bytes.suffix(length))) == Array(bytes.suffix(length)))
        }
    }

    @Test(
        "a second text for the same bytes is refused",
        arguments: ["Zg==", "Zg=", "Zh", "Zm9", "Zm8=", "Zm 9", "Zm9v\n", " Zm9v", "Zm9v ", "Z", "Zm9vY"])
    func strayBits(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test(
        "letters outside the alphabet are refused", arguments: ["A+z_", "A/z_", "Zm9*", "Zm9\u{e9}", "Zm9\0", "Zm.v"])
    func alphabet(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
