import Shared

/// What a reload that went well has changed. It holds names of files and keys, and nothing of what stands in them.
struct ReloadReport: Sendable, Equatable {
    /// The configuration's folder, as the gateway was told it.
    var directory = ""
    var routes = 0
    var services = 0
    var instances = 0
    /// Files below the folder.
    var added: [String] = []
    var changed: [String] = []
    var removed: [String] = []
    /// Keys of postern.yaml whose change waits for a restart.
    var waiting: [String] = []
    /// False where a loop had not taken the new configuration in time: it will with its next turn.
    var isEverywhere = true

    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { report in
                report.member("reloaded", true)
                report.member("everywhere", isEverywhere)
                report.member("directory", directory)
                report.member("routes", routes)
                report.member("services", services)
                report.member("instances", instances)
                for (name, values) in lists {
                    report.key(name)
                    report.array { list in for value in values { list.string(value) } }
                }
            }
        }
    }

    private var lists: [(String, [String])] {
        [("added", added), ("changed", changed), ("removed", removed), ("waiting", waiting)]
    }

    /// Reads what `json` writes; nil for anything else.
    init?(json: StrictJSONObject) {
        guard case .bool(true) = json["reloaded"], case .bool(let isEverywhere) = json["everywhere"] else { return nil }
        self.isEverywhere = isEverywhere
        directory = json["directory"]?.string ?? ""
        routes = Int(json["routes"]?.integer ?? 0)
        services = Int(json["services"]?.integer ?? 0)
        instances = Int(json["instances"]?.integer ?? 0)
        func list(_ name: String) -> [String] { json[name]?.array?.compactMap(\.string) ?? [] }
        added = list("added")
        changed = list("changed")
        removed = list("removed")
        waiting = list("waiting")
    }

    init() {}

    /// For a person; a line a fact.
    var text: String {
        var lines = ["reloaded: \(routes) routes, \(services) services, \(instances) instances"]
        for (name, values) in lists where name != "waiting" { lines += values.map { "  \(name) \($0)" } }
        if added.isEmpty && changed.isEmpty && removed.isEmpty { lines.append("  no file has changed") }
        if !waiting.isEmpty { lines.append("  waits for a restart: \(waiting.joined(separator: ", "))") }
        if !isEverywhere { lines.append("  a loop is busy and has not taken it yet") }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Problems of a configuration as the control socket tells them.
enum ProblemList {
    static func json(_ problems: [ConfigurationProblem]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { answer in
                answer.member("error", "The configuration has problems")
                answer.key("problems")
                answer.array { list in
                    for problem in problems { list.object { write(problem, to: &$0) } }
                }
            }
        }
    }

    private static func write(_ problem: ConfigurationProblem, to writer: inout JSONWriter) {
        writer.member("file", problem.file)
        if let line = problem.line { writer.member("line", line) }
        if let column = problem.column { writer.member("column", column) }
        writer.member("message", problem.message)
        if let mend = problem.mend { writer.member("mend", mend) }
    }

    /// Reads what `json` writes.
    static func read(_ json: StrictJSONObject) -> [ConfigurationProblem]? {
        json["problems"]?.array?.compactMap { value in
            guard let problem = value.object, let file = problem["file"]?.string else { return nil }
            return ConfigurationProblem(
                file: file, line: problem["line"]?.integer.map { Int($0) },
                column: problem["column"]?.integer.map { Int($0) }, message: problem["message"]?.string ?? "",
                mend: problem["mend"]?.string)
        }
    }
}
