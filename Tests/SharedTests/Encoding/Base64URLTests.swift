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

    @Test("a letter that is none is noticed at each place, and each stray bit behind the last byte")
    func everyPlace() {
        for length in [4, 6, 7, 8, 43, 342] {
            let good = [UInt8](repeating: UInt8(ascii: "A"), count: length)
            #expect(Base64URL.decode(good[...]) == [UInt8](repeating: 0, count: length * 3 / 4))
            for place in good.indices {
                for letter in [0, 0x2b, 0x2e, 0x2f, 0x3d, 0x80, 0xff] as [UInt8] {
                    var bad = good
                    bad[place] = letter
                    #expect(Base64URL.decode(bad[...]) == nil)
                }
            }
        }
        for (text, isGood) in [("AA", true), ("AQ", true), ("AI", false), ("AB", false), ("AAE", true), ("AAC", false)]
        {
            #expect((Base64URL.decode(text.utf8) != nil) == isGood, "\(text)")
        }
    }

    @Test("a slice is read from its own beginning")
    func slice() {
        let text = Array(".Zm9v.Yg.".utf8)
        #expect(Base64URL.decode(text[1..<5]) == Array("foo".utf8))
        #expect(Base64URL.decode(text[6..<8]) == Array("b".utf8))
        #expect(Base64URL.decode(text[0..<0]) == [])
    }

    @Test(
        "letters outside the alphabet are refused", arguments: ["A+z_", "A/z_", "Zm9*", "Zm9\u{e9}", "Zm9\0", "Zm.v"])
    func alphabet(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
