import Differential
import Testing

@Suite("the corpus's form")
struct EscapedBytesTests {
    @Test("bytes come back from their text")
    func roundTrip() throws {
        let bytes = Array(UInt8.min...UInt8.max) + Array("#\n#x\\r".utf8)
        #expect(try EscapedBytes.bytes(EscapedBytes.text(bytes)) == bytes)
    }

    @Test("comments and line ends do not count")
    func comments() throws {
        #expect(try EscapedBytes.bytes("# why\nGET /\\r\\n\nA:\\x00\\\\\n") == Array("GET /\r\nA:\0\\".utf8))
    }

    @Test("an unknown escape is an error", arguments: ["\\q", "\\x1", "\\xZZ", "\\"])
    func unknown(_ text: String) {
        #expect(throws: EscapedBytes.Failure.self) { try EscapedBytes.bytes(text) }
    }

    @Test("the same seed makes the same requests")
    func seeded() {
        var one = RequestGenerator(seed: 7)
        var other = RequestGenerator(seed: 7)
        for _ in 0..<100 { #expect(one.next() == other.next()) }
    }
}
