import Testing

@testable import Shared

@Suite("YAML of a configuration file")
struct YAMLDocumentTests {
    @Test(
        "what is not YAML is said with line, column and a mend",
        arguments: [
            (
                "a: 1\n\tb: 2\n",
                "a.yaml:2:1: this is not YAML: found a tab character that violates indentation while scanning a plain scalar "
                    + "(line 1). Indent with spaces, not with tabs."
            ),
            (
                "a: @b\n",
                "a.yaml:1:4: this is not YAML: found character that cannot start any token while scanning for the next token "
                    + "(line 1). Put the text in quotes."
            ),
            (
                "a: b: c\n",
                "a.yaml:1:5: this is not YAML: mapping values are not allowed in this context. "
                    + "Check the indentation, or put a value that holds a colon in quotes."
            ),
            (
                "a: 'b\n",
                "a.yaml:2:1: this is not YAML: found unexpected end of stream while scanning a quoted scalar (line 1). "
                    + "Close the quotes."
            ),
            (
                "a: [1\nb: 2\n",
                "a.yaml:2:2: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence (line 1). "
                    + "Check this line and those above it: indentation, colons, quotes, brackets."
            ),
            (
                "a: 1\nb: \u{1}\n",
                "a.yaml:2: this is not YAML: control characters are not allowed. "
                    + "Take the character out, or write it as an escape."
            ),
            (
                "a: 1\n---\nb: 2\n",
                "a.yaml:2:1: the file has a second document. Keep one, and take the --- between them out."
            ),
        ])
    func syntax(text: String, problem: String) {
        #expect(configurationProblems(text) { _ in } == [problem])
    }

    @Test("a key that is written twice is a problem, in nested mappings too")
    func duplicates() {
        #expect(
            configurationProblems("a: 1\nb: 2\na: 3\n") { _ in }
                == ["a.yaml:1:1: `a` is written more than once in this mapping. Keep one of them."])
        #expect(
            configurationProblems("m:\n  '1': x\n  1: y\n") { _ in }
                == ["a.yaml:2:3: `1` is written more than once in this mapping. Keep one of them."])
    }

    @Test("an anchor is refused where it stands, used or not")
    func anchors() {
        let problem = "anchors (&name) and aliases (*name) are not supported. Write the value out."
        #expect(configurationProblems("a: 1\nb: &x 2\n") { _ in } == ["a.yaml:2:4: \(problem)"])
        #expect(
            configurationProblems("a: &x {b: 1}\nc: *x\n") { _ in } == ["a.yaml:1:4: \(problem)"],
            "one place, one problem")
        #expect(configurationProblems("c: *x\n") { _ in } == ["a.yaml:1:4: \(problem)"])
    }

    @Test("a billion laughs are refused without being told, also where they are keys")
    func billionLaughs() {
        var text = "a0: &a0 [lol, lol]\n"
        for level in 1..<40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let problem = "a.yaml: anchors (&name) and aliases (*name) are not supported. Write the value out."
        #expect(configurationProblems(text) { _ in } == [problem])
        var keys = "? &a0 [lol]\n: 1\n"
        for level in 1..<40 { keys += "? &a\(level) [*a\(level - 1),*a\(level - 1)]\n: 1\n" }
        #expect(configurationProblems(keys) { _ in } == [problem])
    }

    @Test("words that only look like aliases are text")
    func starsInText() {
        let comments = String(repeating: "# *.sock and &more\n", count: 10)
        let found = configurationProblems(comments + "instances: unix:/run/*.sock\ntext: a *b &c\n") { reader in
            #expect(reader.required("instances", .string) == "unix:/run/*.sock")
            #expect(reader.required("text", .string) == "a *b &c")
        }
        #expect(found == [])
    }

    @Test("a tag is refused, but for those that say what a value is anyway")
    func tags() {
        #expect(
            configurationProblems("a: !env HOME\nb: !!binary aGk=\n") {
                _ = $0.optional("a", .string)
                _ = $0.optional("b", .string)
            } == [
                "a.yaml:1:4: the tag !env is not supported. Take it out.",
                "a.yaml:2:4: the tag !!binary is not supported. Take it out.",
            ])
        let found = configurationProblems("a: !!str 1\n") { #expect($0.required("a", .string) == "1") }
        #expect(found == [])
    }

    @Test("nesting without end is refused")
    func depth() {
        let found = configurationProblems("a: " + String(repeating: "[", count: 100_000)) { _ in }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("a.yaml:1:") == true)
    }
}
