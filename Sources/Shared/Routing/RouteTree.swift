/// Routes by pattern, with Next.js's semantics: the first pattern in match order that takes the whole path wins. So
/// `/blog/abc/comments` reaches `/blog/[id]/comments` although there is a `/blog/abc`.
///
/// Immutable. A look-up allocates nothing, and its cost depends on the path's length and the patterns alike to it,
/// not on how many routes there are.
package final class RouteTree<Value: Sendable>: Sendable {
    package struct Route: Sendable {
        package let pattern: RoutePattern
        package let value: Value
        /// The file that the route stands in, for errors and listings.
        package let source: String
    }

    // First, so that its offset does not depend on `Value`.
    private let index: RouteIndex

    /// All routes in match order; what `match` returns indexes it.
    package let routes: [Route]
    /// The routes' values alone: what a request needs, without a copy of what people read.
    private let values: [Value]

    /// - Parameter seed: mixed into the hashes. Clients cannot exploit a known one, for nothing that they
    ///   send enters the table; a fixed default keeps two runs alike.
    /// - Throws: all clashes at once, each with both sources.
    package init(
        _ routes: [(pattern: RoutePattern, value: Value, source: String)], seed: UInt64 = 0
    ) throws(RouteTreeError) {
        var builder = RouteTreeBuilder()
        for (route, entry) in routes.enumerated() { builder.insert(entry.pattern, route: route) }
        guard builder.clashes.isEmpty else {
            throw RouteTreeError(
                problems: builder.clashes.map { clash in
                    let (route, other) = (routes[clash.route], routes[clash.other])
                    return RouteClash(
                        kind: clash.kind, pattern: route.pattern, source: route.source,
                        otherPattern: other.pattern, otherSource: other.source)
                })
        }
        let order = builder.matchOrder()
        var rank = Array(repeating: 0, count: order.count)
        for (place, route) in order.enumerated() { rank[route] = place }
        self.routes = order.map { place in
            let (pattern, value, source) = routes[place]
            return Route(pattern: pattern, value: value, source: source)
        }
        values = self.routes.map(\.value)
        index = RouteIndex(builder, patterns: self.routes.map(\.pattern), rank: rank, seed: seed)
    }

    /// The place in `routes` of the route that takes the path, nil if none does. `captures` then hold its parameters;
    /// they are emptied first. A trailing slash is not looked at (see `CanonicalPath.hasTrailingSlash`).
    package func match(_ path: borrowing CanonicalPath, captures: inout RouteCaptures) -> Int? {
        index.match(path, captures: &captures)
    }

    package subscript(route: Int) -> Value { values[route] }

    /// The names that `RouteCaptures.Entry.name` indexes.
    package var parameterNames: [String] { index.names }

    /// The greatest number of slots that the look-up of one static segment reads.
    var longestProbe: Int { index.table.longestProbe }

    /// The captured values by name. Allocates: not for the byte path.
    package func parameters(_ captures: RouteCaptures, of path: CanonicalPath) -> RouteParameters {
        RouteParameters(
            captures.entries.compactMap { entry in
                // An optional catch-all that took nothing has no value, as in Next.js.
                entry.count == 0 ? nil : (index.names[entry.name], entry.segments.map { path.string($0) })
            })
    }
}
