import Testing

@testable import Shared

@Suite("JSON writer")
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSONWriter.bytes(write), as: UTF8.self)
    }

    // Each pair is `JSON.stringify` of the same string in Node 18 or later.
    @Test(
        "strings are escaped as JSON.stringify escapes them",
        arguments: [
            ("", #""""#),
            ("plain", #""plain""#),
            ("a\"b\\c", #""a\"b\\c""#),
            ("/path/", #""/path/""#),
            ("\u{8}\u{c}\n\r\t", #""\b\f\n\r\t""#),
            ("\u{0}\u{1}\u{7}\u{b}\u{e}\u{f}", #""\u0000\u0001\u0007\u000b\u000e\u000f""#),
            ("\u{10}\u{1a}\u{1f}", #""\u0010\u001a\u001f""#),
            ("\u{7f}\u{80}\u{9f}", "\"\u{7f}\u{80}\u{9f}\""),
            ("\u{2028}\u{2029}\u{feff}", "\"\u{2028}\u{2029}\u{feff}\""),
            ("é 漢 😀 \u{10ffff}", "\"é 漢 😀 \u{10ffff}\""),
            ("<script>&'", #""<script>&'""#),
            ("\r\n", #""\r\n""#),
            ("trailing ", #""trailing ""#),
        ])
    func escapes(value: String, expected: String) {
        #expect(text { $0.string(value) } == expected)
        #expect(text { $0.string(utf8: Array(value.utf8)) } == expected)
    }

    @Test("keys are escaped as strings are, and stay in the order of the calls")
    func keys() {
        let written = text { writer in
            writer.object {
                $0.member("z", 1)
                $0.member("a\"\n", "x")
                $0.member("", true)
            }
        }
        #expect(written == #"{"z":1,"a\"\n":"x","":true}"#)
    }

    @Test("commas stand between values only, at every depth")
    func commas() {
        let written = text { writer in
            writer.array {
                $0.object { _ in }
                $0.array { _ in }
                $0.object {
                    $0.key("list")
                    $0.array {
                        $0.null()
                        $0.boolean(false)
                        $0.string("s")
                        $0.object { $0.member("n", -1) }
                    }
                    $0.member("last", 2)
                }
                $0.array { $0.array { $0.array { _ in } } }
                $0.integer(0)
            }
        }
        #expect(written == #"[{},[],{"list":[null,false,"s",{"n":-1}],"last":2},[[[]]],0]"#)
    }

    @Test("integers keep their whole range")
    func integers() {
        let written = text { writer in
            writer.array {
                $0.integer(Int64.min)
                $0.integer(Int64.max)
                $0.integer(UInt64.max)
                $0.integer(UInt8(0))
            }
        }
        #expect(written == "[-9223372036854775808,9223372036854775807,18446744073709551615,0]")
    }

    @Test("JSON that exists already goes in as a value")
    func existing() {
        let written = text { writer in
            writer.array {
                $0.json(Array(#"{"a":1}"#.utf8))
                $0.json("[2]".utf8)
            }
        }
        #expect(written == #"[{"a":1},[2]]"#)
    }

    @Test("a closure that throws passes its error on")
    func throwing() {
        struct Stop: Error {}
        var writer = JSONWriter(capacity: 16)
        #expect(throws: Stop.self) {
            try writer.object { _ in throw Stop() }
        }
    }
}
