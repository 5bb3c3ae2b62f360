import Testing

@testable import DataService

@Suite("Record identifier")
struct RecordIdentifierTests {
    // What `Number(text)` gives in Node, for all lists here.
    @Test(
        "what ECMAScript reads as 3 names record 3",
        arguments: [
            "3", "03", "003", " 3", "3 ", "\t3\n", "\u{b}3\u{c}", "\r3", "\u{a0}3", "\u{feff}3", "\u{3000}3",
            "\u{2028}3\u{2029}", "\u{1680}\u{2003}3\u{202f}\u{205f}", "+3", "3.", "3.0", "3.000", ".3e1", "+.3e1",
            "3e0", "3E+0", "30e-1", "0.3e1", "0x3", "0X3", "0x03", "0b11", "0B0011", "0o3", "0O3",
            "2.9999999999999999999", "3.0000000000000001",
        ])
    func three(text: String) {
        #expect(RecordIdentifier(text)?.value == 3)
    }

    @Test(
        "what ECMAScript reads as another integer names that record",
        arguments: [
            ("", 0), ("   ", 0), ("-0", 0), ("1e-400", 0), ("-3", -3), ("0xfF", 255), ("1e3", 1000),
            ("9007199254740991", 9_007_199_254_740_991), ("0x1fffffffffffff", 9_007_199_254_740_991),
        ])
    func other(text: String, value: Int64) {
        #expect(RecordIdentifier(text)?.value == value)
    }

    @Test(
        "what ECMAScript reads as no number, or no integer, names no record",
        arguments: [
            "+0x3", "-0x3", "0x", "0b2", "0o8", "0xg", "00x3", "3_0", "3n", "3a", "a3", "3 4", "3,", "NaN", "nan",
            "inf",
            "Infinity", "-Infinity", ".", "+", "-", "--3", "3..0", "e1", "3e", "3e+", "1e400", "3.0000001", "0.5",
            "\u{663}", "\u{ff13}", "\u{85}3", "\u{180e}3", "3\u{0}", "0x1p4", "0x1.8", "undefined", "foo",
        ])
    func none(text: String) {
        #expect(RecordIdentifier(text) == nil)
    }

    @Test("from 2^53 on nothing is named, because integers are no longer told apart")
    func beyond() {
        #expect(RecordIdentifier("9007199254740992") == nil)
        #expect(RecordIdentifier("0x20000000000000") == nil)
        #expect(RecordIdentifier(String(repeating: "9", count: 5_000)) == nil)
        #expect(RecordIdentifier("0x" + String(repeating: "f", count: 5_000)) == nil)
    }
}
