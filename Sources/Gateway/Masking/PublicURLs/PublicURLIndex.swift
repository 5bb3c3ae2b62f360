import Shared

/// All routes read backwards, as one tree over the paths of each service. Immutable; made with each snapshot and shared
/// by all loops, each of which asks by a `PublicURLMap` of its own.
final class PublicURLIndex: Sendable {
    /// What a service is to the index.
    struct Service: Sendable {
        /// Canonical, without a slash at its end.
        let basePath: [UInt8]
        let root: Int32
        /// The longest path that all its routes stand below: where its cookies belong. Without a slash at its end.
        let publicFolder: [UInt8]
        /// All its routes lead to the very path that was asked for, and it has no base path: its paths are public.
        let isPlain: Bool
    }
    struct Node: Sendable {
        var hasFixedChildren = false
        /// Children by segments of text and parameters, those with most text first.
        var composed: [(pieces: [InverseRoute.Piece], child: Int32)] = []
        var parameter: Int32 = -1
        /// In `routes`: those that end here, and those whose catch-all begins here, in match order.
        var ends: [Int32] = []
        var catchAlls: [Int32] = []
    }

    let tree: RouteTree<RouteRule>
    let services: [Service]
    let routes: [InverseRoute]
    let nodes: [Node]
    let fixed: SegmentTable

    /// - Parameter basePaths: of each service.
    init(tree: RouteTree<RouteRule>, basePaths: [String]) {
        self.tree = tree
        var builder = PublicURLIndexBuilder()
        let roots = basePaths.map { _ in builder.addNode() }
        for (place, route) in tree.routes.enumerated() {
            let rule = route.value
            guard rule.answer == nil, basePaths.indices.contains(rule.service),
                let inverse = InverseRoute(route: place, pattern: route.pattern, template: rule.path)
            else { continue }
            builder.insert(inverse, root: roots[rule.service])
        }
        builder.sort()
        routes = builder.routes
        nodes = builder.nodes
        fixed = SegmentTable(builder.fixed, seed: 0)
        services = basePaths.enumerated().map { index, basePath in
            let ours = tree.routes.filter { $0.value.service == index && $0.value.answer == nil }
            return Service(
                basePath: Array(basePath.utf8), root: Int32(roots[index]),
                publicFolder: Self.commonFolder(ours.map(\.pattern)),
                isPlain: basePath.isEmpty && ours.allSatisfy { $0.value.path == nil })
        }
    }

    private static func commonFolder(_ patterns: [RoutePattern]) -> [UInt8] {
        let heads = patterns.map { pattern in
            pattern.segments.prefix { if case .fixed = $0 { true } else { false } }.map(\.description)
        }
        guard var common = heads.first else { return [] }
        for head in heads { common = zip(common, head).prefix { $0 == $1 }.map(\.0) }
        return common.flatMap { [UInt8(ascii: "/")] + PathEncoding.canonical($0) }
    }
}

/// Puts the tree of a `PublicURLIndex` together.
private struct PublicURLIndexBuilder {
    var nodes: [PublicURLIndex.Node] = []
    var routes: [InverseRoute] = []
    var fixed: [(parent: Int, segment: [UInt8], child: Int)] = []
    private var fixedChildren: [Int: [[UInt8]: Int]] = [:]

    mutating func addNode() -> Int {
        nodes.append(PublicURLIndex.Node())
        return nodes.count - 1
    }

    mutating func insert(_ route: InverseRoute, root: Int) {
        let place = Int32(routes.count)
        routes.append(route)
        var node = root
        for segment in route.segments { node = child(of: node, segment) }
        if route.endsInCatchAll { nodes[node].catchAlls.append(place) }
        if !route.endsInCatchAll || route.mayBeEmpty { nodes[node].ends.append(place) }
    }

    private mutating func child(of node: Int, _ segment: InverseRoute.Segment) -> Int {
        switch segment {
        case .fixed(let text):
            if let child = fixedChildren[node]?[text] { return child }
            let child = addNode()
            fixedChildren[node, default: [:]][text] = child
            fixed.append((node, text, child))
            nodes[node].hasFixedChildren = true
            return child
        case .parameter:
            if nodes[node].parameter >= 0 { return Int(nodes[node].parameter) }
            let child = addNode()
            nodes[node].parameter = Int32(child)
            return child
        case .pieces(let pieces):
            if let known = nodes[node].composed.first(where: { $0.pieces == pieces }) { return Int(known.child) }
            let child = addNode()
            nodes[node].composed.append((pieces, Int32(child)))
            return child
        }
    }

    /// What says more of a segment comes before what says less; else what came first, in match order.
    mutating func sort() {
        func textCount(_ pieces: [InverseRoute.Piece]) -> Int {
            pieces.reduce(0) { if case .text(let text) = $1 { $0 + text.count } else { $0 } }
        }
        for index in nodes.indices where nodes[index].composed.count > 1 {
            nodes[index].composed.sort { one, other in
                let (first, second) = (textCount(one.pieces), textCount(other.pieces))
                return first == second ? one.child < other.child : first > second
            }
        }
    }
}
