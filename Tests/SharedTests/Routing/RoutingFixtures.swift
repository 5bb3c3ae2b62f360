@testable import Shared

/// SplitMix64: the same numbers from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension CanonicalPath {
    init(_ target: String) throws(PathError) { try self.init(target.utf8) }

    var strings: [String] { (0..<segmentCount).map { string($0) } }

    var canonicalText: String { String(decoding: canonical, as: UTF8.self) }
}

extension RouteTree where Value == String {
    /// A tree in which each pattern stands for itself, from the file `<pattern>.yaml`.
    convenience init(_ patterns: [String]) throws {
        try self.init(
            patterns.map { (pattern: try RoutePattern($0), value: $0, source: "routes\($0).yaml") }, seed: 0)
    }

    /// The pattern that takes a path, and its parameters.
    func match(_ target: String) throws -> (pattern: String, parameters: RouteParameters)? {
        let path = try CanonicalPath(target)
        var captures = RouteCaptures()
        guard let route = match(path, captures: &captures) else { return nil }
        return (self[route], parameters(captures, of: path))
    }
}
