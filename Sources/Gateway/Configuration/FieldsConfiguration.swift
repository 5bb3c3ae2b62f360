import Shared

/// What happens to the fields that pass in one direction: which are set, and which are taken out.
struct FieldsConfiguration {
    enum Direction { case request, response }
    enum Action {
        case set(TemplateText)
        case basic(BasicConfiguration)
        case remove
    }
    struct Entry {
        /// As it was written.
        let name: String
        let action: Action
        /// `headers.set.X-Api-Key`.
        let key: String
        let place: ConfigurationPlace
    }
    /// The names that one file has said something of, in lower case.
    typealias Seen = Set<String>

    let direction: Direction
    /// One for each name, those of the farthest file first.
    private(set) var entries: [Entry] = []

    init(direction: Direction) { self.direction = direction }

    /// Joins what one file says.
    mutating func add(_ reader: ConfigurationReader, _ prefix: String, _ seen: inout Seen) {
        if let set = reader.optional("set", .mapping) {
            for name in set.keys {
                guard let node = set.optional(name, .node), accepts(name, node, isSet: true, &seen),
                    let text = node.read(as: .template(canBeEmpty: true))
                else { continue }
                replace(Entry(name: name, action: .set(text), key: "\(prefix).set.\(name)", place: node.place))
            }
        }
        for node in reader.optional("remove", .list(of: .node, minimum: 0)) ?? [] {
            guard let name = node.read(as: .nonEmptyString), accepts(name, node, isSet: false, &seen) else { continue }
            replace(Entry(name: name, action: .remove, key: "\(prefix).remove", place: node.place))
        }
    }

    mutating func add(_ basic: BasicConfiguration, _ seen: inout Seen, _ problems: ConfigurationProblems) {
        guard seen.insert("authorization").inserted else {
            return problems.report(
                basic.place, "`basic` and `headers` of one file both say what becomes of Authorization",
                mend: "Keep one of them.")
        }
        replace(Entry(name: "Authorization", action: .basic(basic), key: "basic", place: basic.place))
    }

    private mutating func replace(_ entry: Entry) {
        entries.removeAll { $0.name.lowercased() == entry.name.lowercased() }
        entries.append(entry)
    }

    private func accepts(_ name: String, _ node: ConfigurationNode, isSet: Bool, _ seen: inout Seen) -> Bool {
        if let refusal = FieldNameRule.refusal(of: name, direction, isSet: isSet) {
            node.report("`\(node.name)`: \(refusal.message)", mend: refusal.mend)
            return false
        }
        guard seen.insert(name.lowercased()).inserted else {
            node.report("`\(node.name)`: one file speaks of the field \(name) twice", mend: "Keep one of the two.")
            return false
        }
        return true
    }

    /// For `explain`.
    var settings: [RouteSetting] {
        entries.map { entry in
            let value =
                switch entry.action {
                case .set(let text): LogText.escaped(text.source, limit: 200)
                case .basic(let basic):
                    "{username: \(LogText.escaped(basic.username.source, limit: 80)), "
                        + "password: \(LogText.escaped(basic.password.source, limit: 80))}"
                case .remove: entry.name
                }
            return RouteSetting(key: entry.key, value: value, place: entry.place)
        }
    }

    /// Nil where nothing is said of any field.
    func rules(_ resolution: TemplateResolution, for file: String, _ context: RouteContext) -> FieldRules? {
        guard !entries.isEmpty else { return nil }
        var lines = ValueTemplate()
        for entry in entries {
            do throws(TemplateFault) {
                let value: ValueTemplate
                switch entry.action {
                case .set(let text): value = try ValueTemplate(text, in: .field, resolution)
                case .basic(let basic): value = try basic.value(resolution)
                case .remove: continue
                }
                lines.append(text: "\(entry.name): ".utf8)
                lines.append(value)
                lines.append(text: "\r\n".utf8)
            } catch {
                context.report(error, in: entry.key, at: entry.place, for: file)
            }
        }
        return FieldRules(names: entries.map(\.name), lines: lines)
    }
}
