import Yams

/// Says what the YAML parser found wrong in the form of our own problems.
enum YAMLSyntax {
    static func problem(for error: any Error, text: String, file: String) -> ConfigurationProblem {
        let whole = ConfigurationPlace(file: file)
        guard let error = error as? YamlError else {
            return whole.problem("this is not YAML (\(LogText.escaped("\(error)", limit: 200)))")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = ConfigurationPlace(file: file, line: mark.line, column: mark.column)
            return syntax(problem, context: context, text: text, at: place)
        case .reader(let problem, let offset, _, _):
            return ConfigurationPlace(file: file, line: offset.map { line(of: $0, in: text) }, column: nil)
                .problem("this is not YAML: \(problem)", mend: "Take the character out, or write it as an escape.")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "`\(LogText.escaped($0, limit: 60))`" }.joined(separator: ", ")
            return ConfigurationPlace(file: file, line: context.mark.line, column: context.mark.column)
                .problem(
                    "\(names) \(keys.count == 1 ? "is" : "are") written more than once in this mapping",
                    mend: "Keep one of them.")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return whole.problem("this is not YAML (\(LogText.escaped("\(error)", limit: 200)))")
        }
    }

    private static func syntax(
        _ problem: String, context: YamlError.Context?, text: String, at place: ConfigurationPlace
    ) -> ConfigurationProblem {
        switch problem {
        case "but found another document":
            return place.problem("the file has a second document", mend: "Keep one, and take the --- between them out.")
        case "found undefined alias":
            return YAMLDocument.aliasProblem(place)
        default:
            let part = context.map { " \($0.text) (line \($0.mark.line))" } ?? ""
            return place.problem(
                "this is not YAML: \(problem)\(part)", mend: mend(of: problem, context: context, text: text, at: place))
        }
    }

    /// The words are libyaml's; what it says seldom tells a person what to do.
    private static func mend(
        of problem: String, context: YamlError.Context?, text: String, at place: ConfigurationPlace
    ) -> String {
        if isIndentedByTab(line: place.line, in: text) { return "Indent with spaces, not with tabs." }
        if problem.contains("cannot start any token") { return "Put the text in quotes." }
        if problem.contains("mapping values are not allowed") {
            return "Check the indentation, or put a value that holds a colon in quotes."
        }
        if context?.text.contains("quoted scalar") == true { return "Close the quotes." }
        return "Check this line and those above it: indentation, colons, quotes, brackets."
    }

    private static func isIndentedByTab(line: Int?, in text: String) -> Bool {
        guard let line else { return false }
        let lines = text.split(separator: "\n", maxSplits: line, omittingEmptySubsequences: false)
        guard line <= lines.count else { return false }
        return lines[line - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
    }

    private static func line(of offset: Int, in text: String) -> Int {
        text.prefix(offset).count(where: \.isNewline) + 1
    }
}
