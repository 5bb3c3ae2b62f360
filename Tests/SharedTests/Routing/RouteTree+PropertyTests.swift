import Testing

@testable import Shared

/// The semantics written down once more, in the plainest way: sort the patterns, try one after the other.
private struct ReferenceMatcher {
    let sorted: [RoutePattern]

    init(_ patterns: [RoutePattern]) { sorted = patterns.sorted { Self.precedes($0.segments[...], $1.segments[...]) } }

    func match(_ segments: [String]) -> RoutePattern? { sorted.first { Self.takes($0.segments[...], segments[...]) } }

    private static func precedes(_ a: ArraySlice<RoutePattern.Segment>, _ b: ArraySlice<RoutePattern.Segment>) -> Bool {
        guard let first = a.first else { return !b.isEmpty && b.first?.rank != 3 }
        guard let second = b.first else { return first.rank == 3 }
        if case .fixed(let x) = first, case .fixed(let y) = second, x != y { return x < y }
        if first.rank != second.rank { return first.rank < second.rank }
        return precedes(a.dropFirst(), b.dropFirst())
    }

    private static func takes(_ pattern: ArraySlice<RoutePattern.Segment>, _ path: ArraySlice<String>) -> Bool {
        switch (pattern.first, path.first) {
        case (nil, let segment): segment == nil
        case (.optionalCatchAll, _): true
        case (.catchAll, let segment): segment != nil
        case (.fixed(let value), let segment): segment == value && takes(pattern.dropFirst(), path.dropFirst())
        case (.parameter, let segment): segment != nil && takes(pattern.dropFirst(), path.dropFirst())
        }
    }
}

extension RoutePattern.Segment {
    fileprivate var rank: Int {
        switch self {
        case .fixed: 0
        case .parameter: 1
        case .catchAll: 2
        case .optionalCatchAll: 3
        }
    }
}

@Suite("For any set of routes")
struct RouteTreePropertyTests {
    /// Few words, so that patterns share nodes; names follow from the depth, so that most sets have no clash.
    private static func pattern(using generator: inout SeededGenerator) -> String {
        var parts: [String] = []
        for depth in 0..<Int.random(in: 0...4, using: &generator) {
            let kind = Int.random(in: 0..<10, using: &generator)
            if kind >= 8 { return "/" + (parts + [kind == 8 ? "[...r]" : "[[...r]]"]).joined(separator: "/") }
            parts.append(kind < 4 ? ["a", "b", "c"].randomElement(using: &generator) ?? "a" : "[p\(depth)]")
        }
        return "/" + parts.joined(separator: "/")
    }

    /// A set without clashes, made as a person would mend it: what is named as a problem is taken out.
    private static func tree(using generator: inout SeededGenerator) throws -> RouteTree<String> {
        var patterns = (0..<Int.random(in: 1...25, using: &generator)).map { _ in pattern(using: &generator) }
        while true {
            do {
                let routes = try patterns.enumerated().map { (try RoutePattern($1), $1, "\($0)") }
                return try RouteTree(routes, seed: generator.next())
            } catch let error as RouteTreeError {
                let refused = Set(error.problems.compactMap { Int($0.source) })
                patterns = patterns.enumerated().filter { !refused.contains($0.offset) }.map(\.element)
            }
        }
    }

    @Test("a match is what the sorted patterns give when they are tried one by one")
    func matchesReference() throws {
        var generator = SeededGenerator(seed: 11)
        var (matched, unmatched) = (0, 0)
        for _ in 0..<400 {
            let tree = try Self.tree(using: &generator)
            let reference = ReferenceMatcher(tree.routes.map(\.pattern).shuffled(using: &generator))
            #expect(reference.sorted == tree.routes.map(\.pattern))
            for _ in 0..<60 {
                let segments = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                    ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a"
                }
                let target = "/" + segments.joined(separator: "/")
                let expected = reference.match(segments)?.description
                #expect(try tree.match(target)?.pattern == expected, "\(target) in \(reference.sorted)")
                if expected == nil { unmatched += 1 } else { matched += 1 }
            }
        }
        #expect(matched > 5_000)
        #expect(unmatched > 1_000)
    }

    @Test("ten thousand routes are each found, and what is beside them is not")
    func tenThousand() throws {
        let patterns = (0..<10_000).map { number in
            switch number % 4 {
            case 0: "/api/service-\(number)"
            case 1: "/api/service-\(number)/items/[id]"
            case 2: "/api/service-\(number)/files/[...path]"
            default: "/v\(number % 100)/service-\(number)/deep/er/[[...rest]]"
            }
        }
        let tree = try RouteTree(patterns)
        #expect(tree.routes.count == 10_000)
        for pattern in patterns {
            let path = pattern.replacing("[id]", with: "7").replacing("[...path]", with: "x/y")
                .replacing("/[[...rest]]", with: "")
            #expect(try tree.match(path)?.pattern == pattern)
            #expect(try tree.match(path.replacing("service", with: "servant")) == nil)
        }
        #expect(tree.longestProbe <= SegmentTable.acceptableProbe)
    }
}
