/// All clashes between the routes of one tree, found at once, in the order of the routes that were given.
package struct RouteTreeError: Error, Sendable, CustomStringConvertible {
    package let problems: [RouteClash]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Two routes that cannot stand in one tree.
package struct RouteClash: Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The same pattern twice, for example as `x` and `x/index`.
        case samePattern
        /// Two names for the parameter at one place, as `[id]` and `[cid]`.
        case differentNames
        /// `[...a]` beside `[[...b]]`.
        case catchAllBesideOptional
        /// `x` beside `x/[[...a]]`, which both take the path `x`.
        case optionalCatchAllTakesPath
    }

    package let kind: Kind
    /// The route that was given later, and its file.
    package let pattern: RoutePattern
    package let source: String
    /// The route that was there, and its file.
    package let otherPattern: RoutePattern
    package let otherSource: String

    /// What is wrong, with both files, without the mend.
    package var message: String {
        let what =
            switch kind {
            case .samePattern: "are the same route"
            case .differentNames: "have different names for one parameter"
            case .catchAllBesideOptional: "are a catch-all and an optional catch-all at one place"
            case .optionalCatchAllTakesPath: "both take the path that the optional catch-all takes with no segment"
            }
        return "`\(pattern)` (\(source)) and `\(otherPattern)` (\(otherSource)) \(what)"
    }

    /// What to do about it.
    package var mend: String {
        switch kind {
        case .samePattern: "remove one of the two files"
        case .differentNames: "use one name for it in both"
        case .catchAllBesideOptional: "keep only one of the two"
        case .optionalCatchAllTakesPath: "remove the shorter route, or write `[...name]` instead of `[[...name]]`"
        }
    }

    package var description: String { "\(message): \(mend)" }
}
