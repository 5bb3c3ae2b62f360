import Testing

@testable import Shared

@Suite("log text")
struct LogTextTests {
    @Test(
        "a value is bare where it can be read only in one way",
        arguments: [
            ("a", "a"), ("127.0.0.1:3000", "127.0.0.1:3000"), ("/api/users?x", "/api/users?x"), ("é", "é"),
            ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""), ("say \"hi\"", #""say \"hi\"""#),
            ("back\\slash", #""back\\slash""#), ("a\u{A0}b", "\"a\u{A0}b\""), ("a\u{2003}b", "\"a\u{2003}b\""),
        ])
    func values(text: String, shown: String) {
        #expect(LogText.value(text) == shown)
    }

    @Test(
        "control characters, line separators and turns of direction are escaped",
        arguments: [
            ("\n", "\\n"), ("\r", "\\r"), ("\r\n", "\\r\\n"), ("\t", "\\t"), ("\u{0}", "\\u{0}"),
            ("\u{1B}[31m", "\\u{1b}[31m"),
            ("\u{7F}", "\\u{7f}"), ("\u{85}", "\\u{85}"), ("\u{9B}", "\\u{9b}"), ("\u{2028}", "\\u{2028}"),
            ("\u{202E}", "\\u{202e}"), ("\u{2066}", "\\u{2066}"), ("\u{FEFF}", "\\u{feff}"),
        ])
    func escapes(text: String, shown: String) {
        #expect(LogText.escaped(text) == shown)
        #expect(LogText.value(text) == "\"\(shown)\"")
    }

    @Test("what looks like an escape is not taken for one")
    func backslash() {
        #expect(LogText.escaped("\\n") == "\\\\n")
        #expect(LogText.escaped("say \"hi\"") == "say \"hi\"")
    }

    @Test("a long text is cut on a character's border, and shows it")
    func cut() {
        #expect(LogText.escaped("abcdef", limit: 6) == "abcdef")
        #expect(LogText.escaped("abcdef", limit: 5) == "abcde…")
        #expect(LogText.quoted("aé", limit: 2) == "\"a…\"")
        #expect(LogText.cut("\u{1F600}", limit: 3) == "")
        #expect(LogText.value(String(repeating: "x", count: 4097)) == "\"\(String(repeating: "x", count: 4096))…\"")
    }
}
