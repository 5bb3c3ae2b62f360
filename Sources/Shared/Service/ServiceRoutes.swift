/// The endpoints behind one listener, by route pattern and method.
package struct ServiceRoutes: Sendable {
    struct Place: Sendable {
        var handlers: [(method: Method, handler: ServiceHandler)] = []

        /// What answers `method`; GET's handler answers HEAD too, its body left out.
        func handler(for method: Method) -> ServiceHandler? {
            if let own = handlers.first(where: { $0.method == method }) { return own.handler }
            return method == .head ? handler(for: .get) : nil
        }

        /// The value of `Allow` (RFC 9110 section 10.2.1).
        var allow: String {
            var names = handlers.map(\.method.name)
            if names.contains("GET") && !names.contains("HEAD") { names.append("HEAD") }
            return names.joined(separator: ", ")
        }
    }
    let tree: RouteTree<Place>

    /// Throws `RoutePatternError` or `RouteTreeError` when the patterns are wrong or clash, or a method is given twice.
    package init(_ endpoints: [ServiceEndpoint]) throws {
        var places: [(pattern: RoutePattern, value: Place, source: String)] = []
        for endpoint in endpoints {
            let pattern = try RoutePattern(endpoint.pattern)
            if let index = places.firstIndex(where: { $0.pattern == pattern }) {
                let other = places[index]
                guard !other.value.handlers.contains(where: { $0.method == endpoint.method }) else {
                    throw RouteTreeError(problems: [
                        RouteClash(
                            kind: .samePattern, pattern: pattern, source: endpoint.pattern,
                            otherPattern: other.pattern, otherSource: other.source)
                    ])
                }
                places[index].value.handlers.append((endpoint.method, endpoint.handler))
            } else {
                let place = Place(handlers: [(endpoint.method, endpoint.handler)])
                places.append((pattern, place, endpoint.pattern))
            }
        }
        tree = try RouteTree(places)
    }
}
