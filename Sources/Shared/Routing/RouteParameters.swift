/// The parameters of a matched route: decoded values by name, one for `[name]`, one or more for a catch-all.
package struct RouteParameters: Sendable {
    private let entries: [(name: String, values: [String])]

    package init(_ entries: [(String, [String])] = []) {
        self.entries = entries.map { (name: $0.0, values: $0.1) }
    }

    /// The values of a parameter; nil if the route has none of that name, or an optional catch-all took nothing.
    package subscript(name: String) -> [String]? {
        entries.first { $0.name == name }?.values
    }

    package func first(_ name: String) -> String? { self[name]?.first }

    /// The values under a name from the path and the query together: a path parameter beats a query parameter of
    /// the same name. Empty if there is neither.
    package func values(_ name: String, or query: QueryParameters) -> [String] {
        self[name] ?? query.values(name)
    }
}
