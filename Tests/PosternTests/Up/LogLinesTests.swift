import Testing

@testable import Postern

@Suite("Log lines of the children")
struct LogLinesTests {
    @Test("Lines are cut at their ends, however the bytes arrive")
    func pieces() {
        var splitter = LogLineSplitter()
        #expect(splitter.append("one\ntw".utf8) == [Array("one".utf8)])
        #expect(splitter.append("o".utf8) == [])
        #expect(splitter.append("\r\n\nthr".utf8) == [Array("two".utf8), []])
        #expect(splitter.finish() == Array("thr".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test("A line without an end is shown in pieces of a bounded size")
    func longLine() {
        var splitter = LogLineSplitter()
        let lines = splitter.append([UInt8](repeating: 120, count: LogLineSplitter.longestLine * 2 + 1))
        #expect(lines.map(\.count) == [LogLineSplitter.longestLine, LogLineSplitter.longestLine])
        #expect(splitter.finish() == [120])
    }

    @Test("The process's name stands before a line, aligned with the others'")
    func prefix() {
        let prefix = LogPrefix(label: "auth", width: 7, colour: nil)
        #expect(String(decoding: prefix.line("ready".utf8), as: UTF8.self) == "auth    | ready\n")
    }

    @Test("Colour is around the name alone")
    func colour() {
        let prefix = LogPrefix(label: "auth", width: 4, colour: 35)
        #expect(String(decoding: prefix.line("x".utf8), as: UTF8.self) == "\u{1B}[35mauth |\u{1B}[0m x\n")
    }

    @Test(
        "What a terminal would obey is shown, not done",
        arguments: [
            ("\u{1B}[2Jx", #"\x1b[2Jx"#), ("a\rb", #"a\x0db"#), ("\u{7F}", #"\x7f"#), ("\u{9B}31m", #"\x9b31m"#),
            ("tab\tstays", "tab\tstays"), ("Ünï ©", "Ünï ©"),
        ])
    func controls(line: String, shown: String) {
        let prefix = LogPrefix(label: "a", width: 1, colour: nil)
        #expect(String(decoding: prefix.line(line.utf8), as: UTF8.self) == "a | \(shown)\n")
    }
}
