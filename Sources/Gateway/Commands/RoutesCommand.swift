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
        rows =
            [["ROUTE", "METHODS", "AUTH", "SERVICE", "FILE"]]
            + configuration.routes.routes.map { route in
                [
                    route.pattern.description, route.value.methodsText, route.value.authentication.rawValue,
                    configuration.services[route.value.service].name, route.source,
                ]
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
