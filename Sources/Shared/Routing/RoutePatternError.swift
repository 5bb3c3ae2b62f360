/// Why a route pattern is refused when it is loaded. The caller knows which file it stands in.
package struct RoutePatternError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case emptySegment
        case dotSegment
        /// A static segment holds a control character or a backslash, which no accepted path holds.
        case unreachable(segment: String)
        /// A bracket anywhere but around a whole segment.
        case strayBracket(segment: String)
        /// `[[name]]`.
        case optionalParameter(segment: String)
        case emptyName(segment: String)
        case nameBeginsWithPeriod(segment: String)
        /// The one character U+2026 where three periods are meant.
        case ellipsis(segment: String)
        case repeatedName(String)
        case catchAllNotLast(segment: String)
        case tooManySegments
    }

    /// The pattern as it was given.
    package let pattern: String
    package let reason: Reason

    /// What is wrong, without the mend.
    package var message: String {
        let what =
            switch reason {
            case .emptySegment: "has an empty segment"
            case .dotSegment: "has a segment that is one or two periods, which no request can have"
            case .unreachable(let segment): "has a character in `\(segment)` that no request can have"
            case .strayBracket(let segment): "has a bracket in `\(segment)` that does not enclose the whole segment"
            case .optionalParameter(let segment): "has an optional parameter `\(segment)`, which does not exist"
            case .emptyName(let segment): "has a parameter without a name, `\(segment)`"
            case .nameBeginsWithPeriod(let segment): "has a parameter name that begins with a period, `\(segment)`"
            case .ellipsis(let segment): "has the character `…` in `\(segment)`"
            case .repeatedName(let name): "has the parameter `\(name)` twice"
            case .catchAllNotLast(let segment): "has segments after the catch-all `\(segment)`"
            case .tooManySegments: "has more than \(CanonicalPath.segmentLimit) segments"
            }
        return "the route `\(pattern)` \(what)"
    }

    /// What to do about it.
    package var mend: String {
        switch reason {
        case .emptySegment: "write one slash between segments and none at the end"
        case .dotSegment: "write the path without it"
        case .unreachable: "take it out"
        case .strayBracket: "let a parameter be a segment of its own, as in `/posts/[id]`"
        case .optionalParameter: "write `[name]`, or `[[...name]]` for none or more segments"
        case .emptyName: "give it one, as in `[id]`"
        case .nameBeginsWithPeriod: "begin the name with another character; a catch-all has exactly three periods"
        case .ellipsis: "write three periods"
        case .repeatedName: "give each parameter a name of its own"
        case .catchAllNotLast: "end the route there, or use `[name]`, which takes one segment"
        case .tooManySegments: "make it shorter; longer paths are refused"
        }
    }

    package var description: String { "\(message): \(mend)" }
}
