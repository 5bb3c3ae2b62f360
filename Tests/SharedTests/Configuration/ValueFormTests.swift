import Testing

@testable import Shared

@Suite("value forms")
struct ValueFormTests {
    private enum Errors: String, CaseIterable { case tutorial, uniform }

    /// The value of `v` in `text`, and what is wrong with it.
    private func read<Value>(_ text: String, _ form: ValueForm<Value>) -> (value: Value?, problems: [String]) {
        var value: Value?
        let problems = configurationProblems("v: \(text)\n") { value = $0.optional("v", form) }
        return (value, problems)
    }

    @Test(
        "a string is what was written, whatever YAML 1.1 makes of it",
        arguments: [
            "on", "yes", "no", "off", "true", "1.10", "010", "0x1F", "1e3", "12:30:45", "2026-11-22", "=", "1_000",
            ".inf",
        ])
    func stringsAsWritten(text: String) {
        #expect(read(text, .string).value == text)
    }

    @Test("quotes and block scalars give their text")
    func quotedStrings() {
        #expect(read(#""a\tb""#, .string).value == "a\tb")
        #expect(read("'it''s'", .string).value == "it's")
        #expect(read("|\n  a\n  b", .string).value == "a\nb\n")
        #expect(read("''", .string).value == "")
        #expect(
            read("''", .nonEmptyString).problems == [
                "a.yaml:1:4: `v` must be text of one character at least, not \"\"."
            ])
    }

    @Test("a mapping or a list is no string")
    func stringMismatch() {
        #expect(read("{a: 1}", .string).problems == ["a.yaml:1:4: `v` must be text, not a mapping."])
        #expect(read("[a]", .string).problems == ["a.yaml:1:4: `v` must be text, not a list."])
    }

    @Test("a whole number is decimal digits in the range")
    func integers() {
        #expect(read("0", .integer(in: 0...9)).value == 0)
        #expect(read("-3", .integer(in: -5...5)).value == -3)
        for bad in ["010", "0x9", "1_0", "+1", "1.0", "10", "-1", "99999999999999999999"] {
            #expect(
                read(bad, .integer(in: 0...9)).problems
                    == ["a.yaml:1:4: `v` must be a whole number from 0 to 9, not \"\(bad)\"."])
        }
        #expect(
            read("0", .integer(in: 1...Int.max)).problems == [
                "a.yaml:1:4: `v` must be a whole number from 1 up, not \"0\"."
            ])
    }

    @Test("true and false are the only words for yes and no")
    func bools() {
        #expect(read("true", .bool).value == true)
        #expect(read("false", .bool).value == false)
        for bad in ["yes", "on", "True", "1", "''"] {
            let shown = bad == "''" ? "" : bad
            #expect(read(bad, .bool).problems == ["a.yaml:1:4: `v` must be true or false, not \"\(shown)\"."])
        }
    }

    @Test("a word is one of those that are allowed, and a typing error is guessed")
    func words() {
        #expect(read("uniform", .word as ValueForm<Errors>).value == .uniform)
        #expect(
            read("unifrom", .word as ValueForm<Errors>).problems
                == ["a.yaml:1:4: `v` must be one of: tutorial, uniform, not \"unifrom\". Did you mean `uniform`?"])
        #expect(
            read("other", .word as ValueForm<Errors>).problems
                == ["a.yaml:1:4: `v` must be one of: tutorial, uniform, not \"other\"."])
        #expect(
            read("[uniform]", .word as ValueForm<Errors>).problems
                == ["a.yaml:1:4: `v` must be one of: tutorial, uniform, not a list."])
    }

    @Test("a size is a number of bytes with a unit or without")
    func byteSizes() {
        #expect(read("64KiB", .byteSize(in: 0...Int.max)).value == 65_536)
        #expect(
            read("2MiB", .byteSize(in: 1...1 << 20)).problems == [
                "a.yaml:1:4: `v` must be a size from 1 to 1MiB, not \"2MiB\". "
                    + "Write a whole number and a unit: 64KiB, 1MiB, 1MB, or bytes without a unit."
            ])
    }

    @Test("one value stands for a list of one, and each bad item is a problem of its own")
    func lists() {
        #expect(read("GET", .list(of: .string)).value == ["GET"])
        #expect(read("[1, 2]", .list(of: .integer(in: 1...2))).value == [1, 2])
        let bad = read("[0, 1, [2]]", .list(of: .integer(in: 1...2)))
        #expect(bad.value == nil)
        #expect(
            bad.problems == [
                "a.yaml:1:5: `v` must be a whole number from 1 to 2, not \"0\".",
                "a.yaml:1:11: `v` must be a whole number from 1 to 2, not a list.",
            ])
    }

    @Test("an empty list is a problem where one item is needed")
    func emptyLists() {
        #expect(read("[]", .list(of: .string, minimum: 0)).value == [])
        #expect(
            read("[]", .list(of: .string)).problems
                == ["a.yaml:1:4: `v` has too few items (0). Write 1 at least, or take the key out."])
        #expect(
            read("[a]", .list(of: .string, minimum: 2)).problems
                == ["a.yaml:1:4: `v` has too few items (1). Write 2 at least, or take the key out."])
    }

    @Test("a mapping of free keys keeps the file's order")
    func mappings() throws {
        let value = try #require(read("{b: on, a: '1'}", .mapping(of: .string)).value)
        #expect(value.map(\.key) == ["b", "a"])
        #expect(value.map(\.value) == ["on", "1"])
        #expect(
            read("{b: [on]}", .mapping(of: .string)).problems == ["a.yaml:1:8: `v.b` must be text, not a list."])
        #expect(
            read("text", .mapping(of: .string)).problems
                == ["a.yaml:1:4: `v` must be a mapping, not \"text\". Write `key: value` lines, indented, below it."])
    }

    @Test("readers in a mapping of mappings are finished too")
    func mappingOfMappings() {
        let found = configurationProblems("issuers:\n  one:\n    urll: x\n") { reader in
            for (_, issuer) in reader.optional("issuers", .mapping(of: .mapping)) ?? [] {
                _ = issuer.optional("url", .string)
            }
        }
        #expect(found == ["a.yaml:3:5: `issuers.one.urll` is not a known key. Did you mean `url`?"])
    }

    @Test("readers in a list of mappings are finished too")
    func listOfMappings() {
        let found = configurationProblems("keys:\n  - fiel: x\n") { reader in
            for key in reader.optional("keys", .list(of: .mapping)) ?? [] { _ = key.optional("file", .string) }
        }
        #expect(found == ["a.yaml:2:5: `keys.fiel` is not a known key. Did you mean `file`?"])
    }

    @Test("a long value is cut in the message, and control characters are escaped")
    func longValues() {
        let long = String(repeating: "x", count: 100)
        #expect(
            read("\"\\e\(long)\"", .bool).problems
                == ["a.yaml:1:4: `v` must be true or false, not \"\\u{1b}\(long.prefix(59))…\"."])
    }

    @Test("a form of one's own says what it expects")
    func ownForm() {
        let even = ValueForm<Int>.text(expected: "an even number", mend: "Double it.") { text in
            Int(text).flatMap { $0 % 2 == 0 ? $0 : nil }
        }
        #expect(read("4", even.map { $0 * 10 }).value == 40)
        #expect(read("3", even).problems == ["a.yaml:1:4: `v` must be an even number, not \"3\". Double it."])
    }

    @Test("an address to listen on says its own errors in its place")
    func listenAddress() {
        #expect(read("'*:3000'", .listenAddress()).value == .tcp(host: .any, port: 3000))
        #expect(read("/run/a.sock", .socketPath()).value == .unix(path: "/run/a.sock"))
        #expect(read("unix:a.sock", .socketPath(relativeTo: "/run")).value == .unix(path: "/run/a.sock"))
        #expect(
            read("/run/a.sock", .listenAddress()).problems
                == ["a.yaml:1:4: `v`: \"/run/a.sock\" is a path without unix:. Write unix:/run/a.sock."])
        #expect(
            read("[a]", .socketPath()).problems == ["a.yaml:1:4: `v` must be an address to listen on, not a list."])
    }
}
