import ArgumentParser
import Shared

/// `postern-gateway routes`: the table of routes in match order.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "List the routes in the order in which they match.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions

    func run() throws {
        let loaded = try GatewayConfiguration.loadForPerson(
            directory: configuration.directory, runDirectory: runtime.runDirectory, credentials: .unread())
        StandardStream.output.write(RouteTable(loaded).text)
    }
}

/// The routes as a table of text.
struct RouteTable {
    let rows: [[String]]

    init(_ configuration: GatewayConfiguration) {
        let hosts = configuration.hosts?.hosts ?? []
        // Without hosts of their own there is nothing to tell apart.
        func host(_ name: String) -> [String] { hosts.isEmpty ? [] : [name] }
        func rows(_ tree: RouteTree<RouteRule>, _ name: String, prefix: String = "") -> [[String]] {
            tree.routes.map { host(name) + Self.row($0, configuration, prefix: prefix) }
        }
        self.rows =
            [host("HOST") + ["ROUTE", "METHODS", "AUTH", "SERVICE", "FILE"]]
            + hosts.flatMap { rows($0.tree, $0.name) } + rows(configuration.routes, "(others)")
            + rows(configuration.egress, "-", prefix: "(egress) ")
    }

    private static func row(
        _ route: RouteTree<RouteRule>.Route, _ configuration: GatewayConfiguration, prefix: String = ""
    ) -> [String] {
        [
            prefix + route.pattern.description, route.value.methodsText, route.value.authenticationText,
            destination(route.value, configuration), route.source,
        ]
    }

    /// The service, or what stands in its place.
    private static func destination(_ rule: RouteRule, _ configuration: GatewayConfiguration) -> String {
        switch rule.answer {
        case nil: configuration.services[rule.service].name
        case .redirect(let redirect): "(redirect \(redirect.status))"
        case .fixed(let answer): "(respond \(answer.status))"
        }
    }

    /// Columns as wide as their widest cell; a line a route.
    var text: String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}
