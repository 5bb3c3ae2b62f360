import Yams

/// One value of a configuration file, with its place.
package struct ConfigurationNode {
    /// Its key with the keys above it, for example `login.errors`; that of the list for a list's item.
    package let name: String
    package let place: ConfigurationPlace
    let node: Node
    let problems: ConfigurationProblems
    /// The reader of the mapping that it is in, which finishes the readers of what is below.
    let reader: ConfigurationReader?

    init(
        name: String, node: Node, place: ConfigurationPlace, problems: ConfigurationProblems,
        reader: ConfigurationReader?
    ) {
        self.name = name
        self.node = node
        self.place = place
        self.problems = problems
        self.reader = reader
    }

    /// The text as it was written, without quotes; nil for a mapping and a list.
    package var text: String? { node.scalar?.string }

    /// The value on one line, as it could stand in the file: for people.
    package var shown: String { Self.shown(node) }

    private static func shown(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): LogText.escaped(scalar.string, limit: 200)
        case .sequence(let items): "[" + items.map(shown).joined(separator: ", ") + "]"
        case .mapping(let pairs):
            "{" + pairs.map { "\(shown($0.key)): \(shown($0.value))" }.joined(separator: ", ") + "}"
        case .alias: "*"
        }
    }

    package var isMapping: Bool { node.mapping != nil }

    package var isList: Bool { node.sequence != nil }

    /// The value in one of several forms, which the caller chose by looking at it.
    package func read<Value>(as form: ValueForm<Value>) -> Value? { form.read(self) }

    /// Nothing after the colon, or a bare `~` or `null`.
    package var isEmpty: Bool { Self.isEmpty(node) }

    static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// Something is wrong with this value.
    package func report(_ message: String, mend: String? = nil) { problems.report(place, message, mend: mend) }

    /// The value is not what it has to be: `expected` is for example `a duration`.
    package func reportMismatch(expected: String, mend: String? = nil) {
        if isEmpty {
            report("`\(name)` has no value", mend: "Give it one (\(expected)), or take the line out.")
        } else {
            report("`\(name)` must be \(expected), not \(found)", mend: mend)
        }
    }

    private var found: String {
        switch node {
        case .scalar(let scalar): LogText.quoted(scalar.string, limit: 60)
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The same value's part: an item of a list.
    func item(_ node: Node) -> ConfigurationNode {
        let place = ConfigurationPlace(file: place.file, line: node.mark?.line, column: node.mark?.column)
        return ConfigurationNode(name: name, node: node, place: place, problems: problems, reader: reader)
    }
}
