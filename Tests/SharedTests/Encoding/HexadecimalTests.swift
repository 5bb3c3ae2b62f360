import Testing

@testable import Shared

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test(
        "a number has as many digits as it needs, in lower case",
        arguments: [(0, "0"), (15, "f"), (16, "10"), (0xABC, "abc"), (UInt64.max, "ffffffffffffffff")]
            as [(UInt64, String)])
    func digits(value: UInt64, text: String) {
        #expect(String(decoding: Hexadecimal.digits(of: value), as: UTF8.self) == text)
    }
}
