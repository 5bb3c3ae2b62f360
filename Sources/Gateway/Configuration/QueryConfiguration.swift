import Shared

/// `query:` of a route: parameters that the service gets, in place of whatever the client sends under those names.
///
/// ```yaml
/// query: {units: metric, q: "{city}", key: "{credential:weather-key}", tag: [a, b], debug: []}
/// ```
///
/// A list gives a parameter several times; an empty one takes the client's out. A value is written as it is meant, and
/// is escaped by the gateway. A nearer file's word on a parameter counts.
struct QueryConfiguration {
    struct Parameter {
        let name: String
        let values: [TemplateText]
        let place: ConfigurationPlace
    }
    /// Those of the farthest file first.
    private(set) var parameters: [Parameter] = []

    init(_ reader: LayeredReader) {
        for (_, block) in reader.readers(of: "query").reversed() {
            for name in block.keys { add(name, block) }
        }
        for parameter in parameters {
            let shown = parameter.values.map { LogText.escaped($0.source, limit: 200) }
            reader.settings.record(
                "query.\(LogText.escaped(parameter.name, limit: 80))",
                shown.isEmpty ? "(taken out)" : shown.joined(separator: ", "), parameter.place)
        }
    }

    private mutating func add(_ name: String, _ block: ConfigurationReader) {
        guard let node = block.optional(name, .node) else { return }
        guard !name.isEmpty else {
            return node.report("a parameter of the query has no name", mend: "Give it one.")
        }
        // A value that is wrong has been reported, and its parameter is known.
        let values = node.read(as: .list(of: .template(canBeEmpty: true), minimum: 0)) ?? []
        parameters.removeAll { $0.name == name }
        parameters.append(Parameter(name: name, values: values, place: node.place))
    }

    /// Nil without parameters.
    func rule(_ resolution: TemplateResolution, for file: String, _ context: RouteContext) -> QueryRule? {
        guard !parameters.isEmpty else { return nil }
        var set = ValueTemplate()
        for parameter in parameters {
            for value in parameter.values {
                do throws(TemplateFault) {
                    let template = try ValueTemplate(value, in: .query, resolution)
                    var name: [UInt8] = set.parts.isEmpty ? [] : [UInt8(ascii: "&")]
                    PercentEncoding.append(parameter.name.utf8, to: &name)
                    set.append(text: name + [UInt8(ascii: "=")])
                    set.append(template)
                } catch {
                    context.report(error, in: "query.\(parameter.name)", at: parameter.place, for: file)
                }
            }
        }
        return QueryRule(names: parameters.map { Array($0.name.utf8) }, set: set)
    }
}
