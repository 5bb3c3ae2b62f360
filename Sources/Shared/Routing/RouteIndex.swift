/// The tree as flat arrays, without the routes' values: what `RouteTree.match` walks. Not generic, so that its code is
/// the same fast one for every user of the tree.
struct RouteIndex: Sendable {
    /// -1 stands for none in every field.
    private struct Node: Sendable {
        var route: Int32 = -1
        var parameter: Int32 = -1
        var catchAll: Int32 = -1
        var optionalCatchAll: Int32 = -1
        var hasStaticChildren = false
    }

    /// A parameter of a route: where its value begins follows from the pattern alone.
    private struct Parameter: Sendable {
        let name: Int32
        let position: Int32
        let isCatchAll: Bool
    }

    /// Every parameter name of the tree once; `RouteCaptures` index it.
    private(set) var names: [String] = []
    private(set) var table: SegmentTable
    private var nodes: [Node]
    private var parameters: [Parameter] = []
    /// The parameters of route `i` are those from `parameterStarts[i]` up to `parameterStarts[i + 1]`.
    private var parameterStarts: [Int] = [0]

    /// - Parameters:
    ///   - patterns: in match order.
    ///   - rank: the place in `patterns` of each of the builder's routes.
    init(_ builder: RouteTreeBuilder, patterns: [RoutePattern], rank: [Int], seed: UInt64) {
        func place(_ route: Int?) -> Int32 { route.map { Int32(rank[$0]) } ?? -1 }
        nodes = builder.nodes.map { node in
            Node(
                route: place(node.route), parameter: node.parameter.map { Int32($0.node) } ?? -1,
                catchAll: place(node.catchAll?.route), optionalCatchAll: place(node.optionalCatchAll?.route),
                hasStaticChildren: !node.children.isEmpty)
        }
        let entries = builder.nodes.enumerated().flatMap { parent, node in
            node.children.map { (parent: parent, segment: $0.key, child: $0.value) }
        }
        // By node number, for a dictionary's order differs from run to run and the table's layout should not.
        table = SegmentTable(entries.sorted { $0.child < $1.child }, seed: seed)

        var indexOfName: [String: Int32] = [:]
        for pattern in patterns {
            for (position, segment) in pattern.segments.enumerated() {
                guard let name = segment.name else { continue }
                let index = indexOfName[name] ?? Int32(names.count)
                if index == names.count {
                    indexOfName[name] = index
                    names.append(name)
                }
                parameters.append(
                    Parameter(name: index, position: Int32(position), isCatchAll: segment.isCatchAll))
            }
            parameterStarts.append(parameters.count)
        }
    }

    func match(_ path: borrowing CanonicalPath, captures: inout RouteCaptures) -> Int? {
        captures.removeAll()
        let route = find(path.values, path.segments, from: 0, depth: 0)
        guard route >= 0 else { return nil }
        for index in parameterStarts[Int(route)]..<parameterStarts[Int(route) + 1] {
            let parameter = parameters[index]
            let position = Int(parameter.position)
            captures.append(
                RouteCaptures.Entry(
                    name: Int(parameter.name), firstSegment: position,
                    count: parameter.isCatchAll ? path.segmentCount - position : 1))
        }
        return Int(route)
    }

    /// The first route in match order that takes the segments from `depth` on, below `index`; -1 if there is none.
    /// Each node has one parent and one depth, so none is visited twice; the recursion is as deep as the pattern
    /// that it follows.
    private func find(_ bytes: [UInt8], _ segments: [CanonicalPath.Segment], from index: Int32, depth: Int) -> Int32 {
        let node = nodes[Int(index)]
        if depth == segments.count { return node.route >= 0 ? node.route : node.optionalCatchAll }
        if node.hasStaticChildren, let child = table.child(of: index, bytes, segments[depth].value) {
            let route = find(bytes, segments, from: child, depth: depth + 1)
            if route >= 0 { return route }
        }
        if node.parameter >= 0 {
            let route = find(bytes, segments, from: node.parameter, depth: depth + 1)
            if route >= 0 { return route }
        }
        return node.catchAll >= 0 ? node.catchAll : node.optionalCatchAll
    }
}
