/// Lays routes out as a tree and finds their clashes. Load time only: it holds strings and dictionaries.
struct RouteTreeBuilder {
    /// A parameter's name at one place and the route that named it first.
    struct Claim {
        let name: String
        let route: Int
    }

    struct Node {
        /// Static children by the bytes of their segment: Swift's strings hold canonically equivalent ones equal,
        /// requests do not.
        var children: [[UInt8]: Int] = [:]
        var parameter: (claim: Claim, node: Int)?
        /// The routes that end here.
        var route: Int?
        var catchAll: Claim?
        var optionalCatchAll: Claim?
    }

    private(set) var nodes = [Node()]
    private(set) var clashes: [(kind: RouteClash.Kind, route: Int, other: Int)] = []

    /// Adds a route, or the first clash that it has with those that were added before.
    mutating func insert(_ pattern: RoutePattern, route: Int) {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .fixed(let value):
                node = fixedChild(of: node, Array(value.utf8))
            case .parameter(let name):
                let claim = nodes[node].parameter?.claim ?? Claim(name: name, route: route)
                if claim.name != name { return clash(.differentNames, route, claim.route) }
                node = parameterChild(of: node, claim)
            case .catchAll(let name):
                return insertCatchAll(Claim(name: name, route: route), at: node)
            case .optionalCatchAll(let name):
                return insertOptionalCatchAll(Claim(name: name, route: route), at: node)
            }
        }
        if let other = nodes[node].route { return clash(.samePattern, route, other) }
        if let other = nodes[node].optionalCatchAll { clash(.optionalCatchAllTakesPath, route, other.route) }
        nodes[node].route = route
    }

    /// The routes in match order, as Next.js sorts them: at each node the node itself, the static children by
    /// their bytes, the parameter, the catch-all, the optional catch-all.
    func matchOrder(from node: Int = 0) -> [Int] {
        let node = nodes[node]
        var order: [Int] = []
        if let route = node.route { order.append(route) }
        for (_, child) in node.children.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            order += matchOrder(from: child)
        }
        if let parameter = node.parameter { order += matchOrder(from: parameter.node) }
        if let catchAll = node.catchAll { order.append(catchAll.route) }
        if let optional = node.optionalCatchAll { order.append(optional.route) }
        return order
    }

    private mutating func insertCatchAll(_ claim: Claim, at node: Int) {
        if let other = nodes[node].catchAll {
            return clash(other.name == claim.name ? .samePattern : .differentNames, claim.route, other.route)
        }
        if let other = nodes[node].optionalCatchAll { clash(.catchAllBesideOptional, claim.route, other.route) }
        nodes[node].catchAll = claim
    }

    private mutating func insertOptionalCatchAll(_ claim: Claim, at node: Int) {
        if let other = nodes[node].optionalCatchAll {
            return clash(other.name == claim.name ? .samePattern : .differentNames, claim.route, other.route)
        }
        if let other = nodes[node].catchAll { clash(.catchAllBesideOptional, claim.route, other.route) }
        if let other = nodes[node].route { clash(.optionalCatchAllTakesPath, claim.route, other) }
        nodes[node].optionalCatchAll = claim
    }

    private mutating func fixedChild(of node: Int, _ value: [UInt8]) -> Int {
        if let child = nodes[node].children[value] { return child }
        nodes.append(Node())
        nodes[node].children[value] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int, _ claim: Claim) -> Int {
        if let parameter = nodes[node].parameter { return parameter.node }
        nodes.append(Node())
        nodes[node].parameter = (claim, nodes.count - 1)
        return nodes.count - 1
    }

    private mutating func clash(_ kind: RouteClash.Kind, _ route: Int, _ other: Int) {
        clashes.append((kind, route, other))
    }
}
