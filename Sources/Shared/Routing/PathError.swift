/// Why a request-target is refused. Each is the client's fault and answered with 400 before anything is routed:
/// where two readers could read two paths, there is no path.
package enum PathError: Error, Sendable, Equatable, CaseIterable {
    case notOriginForm
    case emptySegment
    case dotSegment
    case backslash
    case control
    case semicolon
    case fragment
    case nonASCII
    case disallowedCharacter
    case malformedEscape
    case invalidUTF8
    case tooManySegments
    case disallowedInQuery
    case malformedEscapeInQuery

    /// The reason in words for a log; it holds nothing of what the client sent.
    package var reason: StaticString {
        switch self {
        case .notOriginForm: "the target does not begin with a slash"
        case .emptySegment: "the path has an empty segment"
        case .dotSegment: "the path has a segment that is one or two periods"
        case .backslash: "the path has a backslash"
        case .control: "the path has a control character"
        case .semicolon: "the path has a semicolon that is not escaped"
        case .fragment: "the target has a fragment"
        case .nonASCII: "the target has a byte outside ASCII that is not escaped"
        case .disallowedCharacter: "the path has a character that must be escaped"
        case .malformedEscape: "the path has a percent sign without two hexadecimal digits"
        case .invalidUTF8: "the path decodes to bytes that are not UTF-8"
        case .tooManySegments: "the path has too many segments"
        case .disallowedInQuery: "the query has a character that must be escaped"
        case .malformedEscapeInQuery: "the query has a percent sign without two hexadecimal digits"
        }
    }

    /// The error for a byte that may not stand plain in a path.
    init(inPath byte: UInt8) {
        self =
            switch byte {
            case ASCII.backslash: .backslash
            case UInt8(ascii: ";"): .semicolon
            case UInt8(ascii: "#"): .fragment
            case 0x80...: .nonASCII
            default: ASCII.isControl(byte) ? .control : .disallowedCharacter
            }
    }

    /// The error for a byte that may not stand plain in a query.
    init(inQuery byte: UInt8) {
        self =
            switch byte {
            case UInt8(ascii: "#"): .fragment
            case 0x80...: .nonASCII
            default: .disallowedInQuery
            }
    }
}
