import Testing

@testable import Shared

@Suite("Strict JSON")
struct StrictJSONTests {
    private func parse(_ text: String) throws(StrictJSONError) -> StrictJSONValue {
        try StrictJSON.parse(Array(text.utf8))
    }

    private func reason(_ text: String, length: Int = 1 << 20, depth: Int = 32) -> StrictJSONError.Reason? {
        reason(Array(text.utf8), length: length, depth: depth)
    }

    private func reason(_ bytes: [UInt8], length: Int = 1 << 20, depth: Int = 32) -> StrictJSONError.Reason? {
        do throws(StrictJSONError) {
            _ = try StrictJSON.parse(bytes, limits: StrictJSONLimits(length: length, depth: depth))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("members keep the order in which they were written")
    func order() throws {
        let object = try StrictJSON.parseObject(Array(#" { "b" : 1 , "a":[true,false,null], "c":{} } "#.utf8))
        #expect(object.members.map(\.name) == ["b", "a", "c"])
        #expect(object["b"]?.integer == 1)
        #expect(object["a"]?.array?.count == 3)
        #expect(object["c"]?.object?.members.isEmpty == true)
        #expect(object["d"] == nil)
    }

    @Test("every value of the grammar is read")
    func values() throws {
        guard case .bool(true) = try parse("true"), case .bool(false) = try parse("false"),
            case .null = try parse("null"), case .array(let empty) = try parse("[ ]")
        else {
            Issue.record("a literal was read as something else")
            return
        }
        #expect(empty.isEmpty)
        #expect(try parse(#""""#).string == "")
    }

    @Test(
        "whole numbers that fit are integers",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-12", -12), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", .min),
        ])
    func integers(text: String, value: Int64) throws {
        #expect(try parse(text).integer == value)
    }

    @Test(
        "other numbers are binary64",
        arguments: [
            ("0.5", 0.5), ("1e3", 1000), ("1E+2", 100), ("25e-1", 2.5), ("-1.0", -1),
            ("9223372036854775808", 9_223_372_036_854_775_808),
        ])
    func numbers(text: String, value: Double) throws {
        guard case .number(let number) = try parse(text) else {
            Issue.record("\(text) is no .number")
            return
        }
        #expect(number == value)
    }

    @Test(
        "numbers outside the grammar are refused",
        arguments: [
            "01", "-", "-01", "1.", ".5", "+1", "1e", "1e+", "0x1", "1_000", "NaN", "Infinity", "--1", "1.e1", "00",
        ])
    func badNumbers(text: String) {
        #expect(reason(text) != nil)
        #expect(reason("[\(text)]") != nil)
    }

    @Test("a number that no binary64 holds is refused")
    func hugeNumber() {
        #expect(reason("1e400") == .numberOutOfRange)
        #expect(reason("-1e400") == .numberOutOfRange)
    }

    @Test("escapes stand for their characters")
    func escapes() throws {
        #expect(try parse(#""\"\\\/\b\f\n\r\tA\u0041\u00e9\u00E9\ud83d\ude00""#).string == "\"\\/\u{8}\u{c}\n\r\tAAéé😀")
        #expect(try parse(#""a\u0000b""#).string == "a\0b")
    }

    @Test(
        "escapes outside the grammar are refused",
        arguments: [#""\x41""#, #""\u12""#, #""\u12G4""#, #""\'""#, #""\U0041""#, #""\u+123""#])
    func badEscapes(text: String) {
        #expect(reason(text) == .invalidEscape)
    }

    @Test(
        "half a surrogate pair is refused",
        arguments: [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ude00\ud83d""#])
    func surrogates(text: String) {
        #expect(reason(text) == .invalidUnicode)
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [[0xff], [0xc0, 0xaf], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(reason([0x22] + bytes + [0x22]) == .invalidUnicode)
        #expect(reason([0x22, 0x5c, 0x6e] + bytes + [0x22]) == .invalidUnicode)
    }

    @Test("a byte order mark is refused")
    func byteOrderMark() {
        #expect(reason([0xef, 0xbb, 0xbf, 0x31]) == .unexpectedByte)
    }

    @Test("control characters inside strings are refused", arguments: [0x00, 0x0a, 0x1f] as [UInt8])
    func controlCharacters(byte: UInt8) {
        #expect(reason([0x22, byte, 0x22]) == .controlCharacter)
        #expect(reason([0x22, 0x5c, 0x6e, byte, 0x22]) == .controlCharacter)
    }

    @Test("a name twice in one object is refused, escaped or not")
    func duplicateNames() {
        #expect(reason(#"{"a":1,"a":1}"#) == .duplicateName)
        #expect(reason(#"{"a":1,"\u0061":2}"#) == .duplicateName)
        #expect(reason(#"{"a":{"a":1}}"#) == nil)
        let many = (0..<40).map { #""n\#($0)":0"# }.joined(separator: ",")
        #expect(reason("{\(many)}") == nil)
        #expect(reason("{\(many),\"n3\":1}") == .duplicateName)
    }

    @Test("names that only look alike are two names")
    func namesAreCodePoints() throws {
        let object = try StrictJSON.parseObject(Array("{\"K\":1,\"\u{212a}\":2,\"\u{e9}\":3,\"e\u{301}\":4}".utf8))
        #expect(object.members.count == 4)
        #expect(object["K"]?.integer == 1)
        #expect(object["e\u{301}"]?.integer == 4)
        #expect(try StrictJSON.parseObject(Array("{\"\u{212a}\":2}".utf8))["K"] == nil)
    }

    @Test("an object of many members is read in time that grows with its length", .timeLimit(.minutes(1)))
    func manyMembers() throws {
        let members = (0..<60_000).map { #""n\#($0)":0"# }.joined(separator: ",")
        #expect(try StrictJSON.parseObject(Array("{\(members)}".utf8)).members.count == 60_000)
    }

    @Test("nothing may follow the value")
    func trailingBytes() {
        for text in ["{} {}", "1 2", "{}\0", "[],", "nullx"] { #expect(reason(text) == .trailingBytes) }
    }

    @Test("a text cut short is refused wherever it is cut")
    func cutShort() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{}}"#.utf8)
        #expect(reason(text) == nil)
        for length in 0..<text.count { #expect(reason(Array(text[..<length])) != nil, "cut at \(length)") }
    }

    @Test(
        "texts that are no JSON are refused",
        arguments: [
            "{a:1}", "{'a':1}", "[1,]", #"{"a":1,}"#, #"{"a"}"#, #"{"a":}"#, "[1 2]", "tru", "True", "// x\n1", "[,1]",
            "\u{a0}1", "}",
        ])
    func notJSON(text: String) {
        #expect(reason(text) != nil)
    }

    @Test("depth is bounded, and counted by what is open")
    func depth() {
        #expect(reason("[[[]]]", depth: 3) == nil)
        #expect(reason("[[[]]]", depth: 2) == .tooDeep)
        #expect(reason("[[],[],[],{}]", depth: 2) == nil)
        #expect(reason(String(repeating: "[", count: 500_000)) == .tooDeep)
    }

    @Test("length is bounded")
    func length() {
        #expect(reason("[1]", length: 3) == nil)
        #expect(reason("[1] ", length: 3) == .tooLong)
    }

    @Test("an object is told from other values")
    func notAnObject() {
        #expect(throws: StrictJSONError(.notAnObject, at: 0)) { try StrictJSON.parseObject(Array("[]".utf8)) }
    }
}
