import Testing

@testable import Shared

/// Reads `text` as the file `a.yaml` and returns what is wrong with it, as people see it.
func configurationProblems(_ text: String, _ read: (ConfigurationReader) -> Void) -> [String] {
    let problems = ConfigurationProblems()
    let reader = ConfigurationReader(text: text, file: "a.yaml", problems: problems)
    read(reader)
    reader.finish()
    return ConfigurationError(problems.found).problems.map(\.description)
}

@Suite("configuration reader")
struct ConfigurationReaderTests {
    @Test("reads what is there, and takes the default for what is not")
    func values() {
        let found = configurationProblems("listen: 127.0.0.1:3000\nthreads: 4\n") { reader in
            #expect(reader.required("listen", .string) == "127.0.0.1:3000")
            #expect(reader.value("threads", .integer(in: 1...64), default: 1) == 4)
            #expect(reader.value("backlog", .integer(in: 1...64), default: 7) == 7)
            #expect(reader.optional("verify", .string) == nil)
            #expect(reader.keys == ["listen", "threads"])
        }
        #expect(found == [])
    }

    @Test("all problems of a file are said at once, in the file's order")
    func allAtOnce() {
        let found = configurationProblems("threads: many\nlisen: x\ntimeout: 10\n") { reader in
            _ = reader.required("listen", .string, example: "127.0.0.1:3000")
            _ = reader.optional("timeout", .duration(in: .seconds(1)...(.seconds(3600))))
            _ = reader.optional("threads", .integer(in: 1...64))
        }
        #expect(
            found == [
                "a.yaml: `listen` is missing. Add it, for example: `listen: 127.0.0.1:3000`.",
                "a.yaml:1:10: `threads` must be a whole number from 1 to 64, not \"many\".",
                "a.yaml:2:1: `lisen` is not a known key. Did you mean `listen`?",
                "a.yaml:3:10: `timeout` must be a duration from 1s to 1h, not \"10\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d.",
            ])
    }

    @Test("a nested mapping is finished with the one above, and its keys are named from the top")
    func nested() {
        let found = configurationProblems("login:\n  eror: uniform\n") { reader in
            let login = reader.optional("login", .mapping)
            _ = login?.required("errors", .string)
        }
        #expect(
            found == [
                "a.yaml:2:3: `login.errors` is missing. Add it.",
                "a.yaml:2:3: `login.eror` is not a known key. Did you mean `errors`?",
            ])
    }

    @Test("an unknown key that is like no other gets the list of those that are known")
    func unknownKey() {
        let found = configurationProblems("zzzzzz: 1\n") { reader in
            _ = reader.optional("listen", .string)
            _ = reader.optional("verify", .string)
            _ = reader.optional("listen", .string)
        }
        #expect(found == ["a.yaml:1:1: `zzzzzz` is not a known key. Known keys here: listen, verify."])
    }

    @Test("a key without a value is a problem at the key", arguments: ["listen:\n", "listen: ~\n", "listen: null\n"])
    func noValue(text: String) {
        let found = configurationProblems(text) { _ = $0.optional("listen", .string) }
        #expect(found == ["a.yaml:1:1: `listen` has no value. Give it one (text), or take the line out."])
    }

    @Test("the quoted word null is a text")
    func quotedNull() {
        let found = configurationProblems("name: 'null'\n") { #expect($0.required("name", .string) == "null") }
        #expect(found == [])
    }

    @Test("a file of nothing is an empty mapping", arguments: ["", "\n", "# only this\n", "---\n", "{}\n"])
    func empty(text: String) {
        let found = configurationProblems(text) { #expect($0.keys == []) }
        #expect(found == [])
    }

    @Test("a file that is no mapping is a problem", arguments: ["- a\n", "text\n"])
    func noMapping(text: String) {
        let found = configurationProblems(text) { _ = $0.required("listen", .string) }
        let what = text == "- a\n" ? "a list" : "text"
        #expect(found == ["a.yaml:1:1: the file must be a mapping, not \(what). Write `key: value` lines."])
    }

    @Test("nothing is missing in a file that cannot be read")
    func unusable() {
        let found = configurationProblems("a: [\n") { _ = $0.required("listen", .string) }
        #expect(found.count == 1)
    }

    @Test("a key that is no text is a problem")
    func keyOfBrackets() {
        let found = configurationProblems("[a]: 1\n") { _ in }
        #expect(found == ["a.yaml:1:1: a key must be text. Put it in quotes if it has brackets or braces."])
    }

    @Test("a caller's own finding stands at the value, or at the file where there is none")
    func report() {
        let found = configurationProblems("low: 5\nhigh: 3\n") { reader in
            _ = reader.optional("low", .integer(in: 0...9))
            _ = reader.optional("high", .integer(in: 0...9))
            reader.report("high", "`high` is below `low`", mend: "Swap them.")
            reader.report("absent", "there is no key")
        }
        #expect(found == ["a.yaml: there is no key.", "a.yaml:2:7: `high` is below `low`. Swap them."])
    }
}
