import Testing

@testable import AuthService

@Suite("Typing a password")
struct PasswordLineEditorTests {
    private func type(_ keys: [UInt8?]) -> PasswordLineEditor.Action {
        var editor = PasswordLineEditor()
        for key in keys {
            let action = editor.receive(key)
            if action != .more { return action }
        }
        return .more
    }

    private func type(_ text: String) -> PasswordLineEditor.Action { type(Array(text.utf8)) }

    @Test("the return key ends the line", arguments: ["\n", "\r", "\u{4}"])
    func end(key: String) {
        #expect(type("ab\(key)") == .finished(Array("ab".utf8)))
    }

    @Test("backspace takes back a character, however many bytes it has")
    func backspace() {
        #expect(type("a\u{e9}\u{7f}b\n") == .finished(Array("ab".utf8)))
        #expect(type("a\u{1f600}\u{8}\n") == .finished(Array("a".utf8)))
        #expect(type("\u{7f}\u{7f}a\n") == .finished(Array("a".utf8)))
    }

    @Test("Ctrl-U begins anew, Ctrl-C and Ctrl-\\ give up, the end of an empty line too")
    func control() {
        #expect(type("abc\u{15}d\n") == .finished(Array("d".utf8)))
        #expect(type("abc\u{3}") == .cancelled)
        #expect(type("abc\u{1c}") == .cancelled)
        #expect(type("\u{4}") == .cancelled)
        #expect(type([0x61, nil]) == .cancelled)
    }
}
