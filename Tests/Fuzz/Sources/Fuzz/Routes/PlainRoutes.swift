import Shared

/// Next.js's semantics in the plainest way: sort the patterns, try one after the other.
struct PlainRoutes {
    let sorted: [RoutePattern]

    init(_ patterns: [RoutePattern]) {
        sorted = patterns.sorted { one, other in
            Self.key(one).lexicographicallyPrecedes(Self.key(other)) { $0.lexicographicallyPrecedes($1) }
        }
    }

    /// A pattern's place among others: the end comes first, then static segments by their bytes, then parameters,
    /// catch-alls, optional catch-alls.
    private static func key(_ pattern: RoutePattern) -> [[UInt8]] {
        pattern.segments.map { segment in
            switch segment {
            case .fixed(let value): [0] + Array(value.utf8)
            case .parameter: [1]
            case .catchAll: [2]
            case .optionalCatchAll: [3]
            }
        }
    }

    func match(_ path: CanonicalPath) -> RouteChoice {
        let values = (0..<path.segmentCount).map { Array(path.values[path.segment($0)]) }
        for pattern in sorted {
            if let parameters = Self.parameters(of: pattern, in: values) {
                return RouteChoice(pattern: pattern.description, parameters: parameters)
            }
        }
        return RouteChoice()
    }

    private static func parameters(of pattern: RoutePattern, in values: [[UInt8]]) -> [RouteChoice.Parameter]? {
        var parameters: [RouteChoice.Parameter] = []
        for (index, segment) in pattern.segments.enumerated() {
            switch segment {
            case .fixed(let value):
                guard index < values.count, values[index] == Array(value.utf8) else { return nil }
            case .parameter(let name):
                guard index < values.count else { return nil }
                parameters.append(.init(name: name, segments: index..<(index + 1)))
            case .catchAll(let name):
                guard index < values.count else { return nil }
                return parameters + [.init(name: name, segments: index..<values.count)]
            case .optionalCatchAll(let name):
                guard index <= values.count else { return nil }
                return parameters + [.init(name: name, segments: index..<values.count)]
            }
        }
        return pattern.segments.count == values.count ? parameters : nil
    }

    /// Two of the patterns that cannot stand in one tree, in words.
    static func clash(_ patterns: [RoutePattern]) -> String? {
        for (index, one) in patterns.enumerated() {
            for other in patterns[..<index] where clashes(one, other) { return "\(one) and \(other)" }
        }
        return nil
    }

    /// Whether two patterns are alike up to a place where they cannot both be.
    static func clashes(_ one: RoutePattern, _ other: RoutePattern) -> Bool {
        for (left, right) in zip(one.segments, other.segments) {
            switch (left, right) {
            case (.fixed(let value), .fixed(let another)):
                if Array(value.utf8) != Array(another.utf8) { return false }
            case (.parameter(let name), .parameter(let another)):
                if name != another { return true }
            case (.catchAll, .catchAll), (.catchAll, .optionalCatchAll), (.optionalCatchAll, .catchAll),
                (.optionalCatchAll, .optionalCatchAll):
                return true
            default: return false
            }
        }
        let (short, long) = (
            min(one.segments.count, other.segments.count), max(one.segments.count, other.segments.count)
        )
        if short == long { return true }
        let longer = one.segments.count == long ? one : other
        if case .optionalCatchAll = longer.segments[short] { return true }
        return false
    }
}
