import Yams

/// Reads one mapping of a configuration file, the file's own or a nested one.
///
/// A getter that finds something wrong reports it to the ``ConfigurationProblems`` and returns nil (or the default),
/// so that reading goes on and all problems are said at once. The end of the reading is ``finish()``, by which every
/// key that nobody asked for is a problem; a nested reader is finished by the one above it.
///
/// A file that could not be read at all is one problem, and then nothing is missing or unknown in it.
package final class ConfigurationReader {
    /// The place of the mapping; of the file as a whole for a file's own mapping.
    package let place: ConfigurationPlace
    /// The collector that this reader reports to.
    package let problems: ConfigurationProblems

    private let name: String
    /// False for a file that could not be read at all, which is one problem: nothing is missing in it.
    package let isUsable: Bool
    private let entries: [(key: String, place: ConfigurationPlace, node: Node)]
    private var asked: [String] = []
    private var nested: [ConfigurationReader] = []

    /// Reads the file at `path`, which is a mapping, or empty: up to 1 MiB of UTF-8, without anchors and aliases.
    package convenience init(file path: String, problems: ConfigurationProblems) {
        do {
            self.init(text: try ConfigurationFile.text(of: path), file: path, problems: problems)
        } catch {
            problems.report(error)
            self.init(unusable: path, problems: problems)
        }
    }

    /// Reads `text` as if it stood in the file `file`.
    package convenience init(text: String, file: String, problems: ConfigurationProblems) {
        let root: Node?
        do {
            root = try YAMLDocument.root(of: text, file: file)
        } catch {
            error.problems.forEach(problems.report)
            self.init(unusable: file, problems: problems)
            return
        }
        let place = ConfigurationPlace(file: file)
        guard let root, !ConfigurationNode.isEmpty(root) else {
            self.init(Node.Mapping([]), name: "", place: place, problems: problems)
            return
        }
        guard case .mapping(let mapping) = root else {
            let what = if case .sequence = root { "a list" } else { "text" }
            problems.report(
                ConfigurationPlace(file: file, line: root.mark?.line, column: root.mark?.column),
                "the file must be a mapping, not \(what)", mend: "Write `key: value` lines.")
            self.init(unusable: file, problems: problems)
            return
        }
        self.init(mapping, name: "", place: place, problems: problems)
    }

    init(_ mapping: Node.Mapping, name: String, place: ConfigurationPlace, problems: ConfigurationProblems) {
        self.name = name
        self.place = place
        self.problems = problems
        isUsable = true
        var entries: [(key: String, place: ConfigurationPlace, node: Node)] = []
        for (key, value) in mapping {
            let keyPlace = ConfigurationPlace(file: place.file, line: key.mark?.line, column: key.mark?.column)
            if let key = key.scalar?.string {
                entries.append((key, keyPlace, value))
            } else {
                problems.report(keyPlace, "a key must be text", mend: "Put it in quotes if it has brackets or braces.")
            }
        }
        self.entries = entries
    }

    private init(unusable file: String, problems: ConfigurationProblems) {
        name = ""
        place = ConfigurationPlace(file: file)
        self.problems = problems
        isUsable = false
        entries = []
    }

    /// The keys in the file's order.
    package var keys: [String] { entries.map(\.key) }

    package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// The value of `key`; nil when it is absent, or after a problem with it was reported.
    package func optional<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        expect(key)
        guard let entry = entries.first(where: { $0.key == key }) else { return nil }
        return form.read(
            ConfigurationNode(
                name: path(of: key), node: entry.node, place: place(of: entry), problems: problems, reader: self))
    }

    /// `key` is a known key here, whether it is read or not.
    package func expect(_ key: String) {
        // A reader that serves for many files' defaults is asked for the same keys again and again.
        if !asked.contains(key) { asked.append(key) }
    }

    /// Has ``finish()`` finish `reader` too.
    func adopt(_ reader: ConfigurationReader) { nested.append(reader) }

    /// The value of `key`; nil after a problem was reported, which its absence is too. `example` is a value for the
    /// mend.
    package func required<Value>(_ key: String, _ form: ValueForm<Value>, example: String? = nil) -> Value? {
        let value = optional(key, form)
        if isUsable, !has(key) {
            let mend = example.map { "Add it, for example: `\(key): \($0)`." } ?? "Add it."
            problems.report(place, "`\(path(of: key))` is missing", mend: mend)
        }
        return value
    }

    /// The value of `key`, or `default` when it is absent or a problem was reported.
    package func value<Value>(_ key: String, _ form: ValueForm<Value>, default: Value) -> Value {
        optional(key, form) ?? `default`
    }

    /// Where the value of `key` begins, for a later problem with it; the mapping's own place when it is absent.
    package func place(of key: String) -> ConfigurationPlace {
        entries.first { $0.key == key }.map(place(of:)) ?? place
    }

    /// The parser puts a value of which there is nothing on the next line; its key is where people look.
    private func place(of entry: (key: String, place: ConfigurationPlace, node: Node)) -> ConfigurationPlace {
        guard let mark = entry.node.mark, !ConfigurationNode.isEmpty(entry.node) else { return entry.place }
        return ConfigurationPlace(file: place.file, line: mark.line, column: mark.column)
    }

    /// Something is wrong with the value of `key` that only the caller can see.
    package func report(_ key: String, _ message: String, mend: String? = nil) {
        problems.report(place(of: key), message, mend: mend)
    }

    /// Ends the reading of this mapping and of those in it: every key that nobody asked for is a problem.
    package func finish() {
        nested.forEach { $0.finish() }
        nested = []
        for entry in entries where !asked.contains(entry.key) {
            let nearest = NearestName.of(entry.key, among: asked)
            problems.report(
                entry.place, "`\(LogText.escaped(path(of: entry.key), limit: 120))` is not a known key",
                mend: nearest.map { "Did you mean `\($0)`?" }
                    ?? (asked.isEmpty ? "Take it out." : "Known keys here: \(asked.joined(separator: ", "))."))
        }
    }

    private func path(of key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
}
