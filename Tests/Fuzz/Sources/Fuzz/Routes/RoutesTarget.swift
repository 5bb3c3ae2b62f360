import Shared

/// The route tree. An input is text: patterns, one a line, an empty line, then request-targets, one a line.
///
/// - What the tree chooses, and the parameters that it finds, are what the patterns give when they are sorted and tried
///   one after the other (`PlainRoutes`), whatever the hashes of its table are seeded with.
/// - Its routes stand in that order.
/// - Two routes that clash are said to (`PlainRoutes.clash`), and no others; without those that are named there is no clash.
/// - A pattern written out and read again is the same pattern.
enum RoutesTarget {
    static func check(_ input: [UInt8]) {
        var lines = String(decoding: input, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)[...]
        var patterns: [RoutePattern] = []
        while let line = lines.popFirst(), !line.isEmpty {
            // The size of an input bounds what it costs; few routes show as much as many.
            guard patterns.count < 40, let pattern = try? RoutePattern(String(line)) else { continue }
            checkText(pattern)
            patterns.append(pattern)
        }
        let (tree, kept) = tree(patterns)
        let other = make(kept, seed: 0x5EED)
        let plain = PlainRoutes(kept)
        let order = plain.sorted.map(\.description)
        require(
            tree.routes.map(\.pattern.description) == order,
            "the routes stand as \(tree.routes.map(\.pattern.description)), plainly as \(order)")
        for line in lines.prefix(40) {
            guard let path = try? CanonicalPath(line.utf8) else { continue }
            let expected = plain.match(path)
            for tree in [tree, other] {
                let found = choice(of: tree, path)
                require(found == expected, "\(line) reaches \(found), plainly \(expected), in \(order)")
            }
        }
    }

    private static func checkText(_ pattern: RoutePattern) {
        // A static segment `index` at the end is the one thing that is not written as it is read.
        if pattern.segments.last == .fixed("index") { return }
        let again = try? RoutePattern(pattern.description)
        require(again == pattern, "\(pattern) read again is \(String(describing: again))")
    }

    /// A tree of the patterns that do not clash, and these.
    private static func tree(_ patterns: [RoutePattern]) -> (RouteTree<Int>, [RoutePattern]) {
        var kept = patterns
        while true {
            let routes = kept.enumerated().map { (pattern: $1, value: $0, source: "\($0)") }
            do {
                let tree = try RouteTree(routes)
                if let clash = PlainRoutes.clash(kept) { broken("not refused: \(clash)") }
                return (tree, kept)
            } catch {
                let named = Set(error.problems.compactMap { Int($0.source) })
                require(!named.isEmpty && named.count <= kept.count, "refused without naming a route: \(error)")
                for problem in error.problems {
                    require(
                        PlainRoutes.clashes(problem.pattern, problem.otherPattern),
                        "said to clash, and do not: \(problem.pattern), \(problem.otherPattern)")
                }
                kept = kept.enumerated().filter { !named.contains($0.offset) }.map(\.element)
            }
        }
    }

    private static func make(_ patterns: [RoutePattern], seed: UInt64) -> RouteTree<Int> {
        let routes = patterns.enumerated().map { (pattern: $1, value: $0, source: "\($0)") }
        do {
            return try RouteTree(routes, seed: seed)
        } catch {
            broken("the seed makes a clash: \(error)")
        }
    }

    private static func choice(of tree: RouteTree<Int>, _ path: CanonicalPath) -> RouteChoice {
        var captures = RouteCaptures()
        guard let route = tree.match(path, captures: &captures) else {
            require(captures.entries.isEmpty, "parameters without a route: \(captures)")
            return RouteChoice()
        }
        return RouteChoice(
            pattern: tree.routes[route].pattern.description,
            parameters: captures.entries.map { .init(name: tree.parameterNames[$0.name], segments: $0.segments) })
    }
}

/// The route that a path reaches, if any, and which of its segments the parameters are.
struct RouteChoice: Equatable {
    struct Parameter: Equatable {
        var name: String
        var segments: Range<Int>
    }

    var pattern: String?
    var parameters: [Parameter] = []
}
