import Shared

/// A time in seconds since 1970 (RFC 7519 section 2), with a fraction perhaps.
enum NumericDate {
    /// The latest one: every whole number up to here is exact in the binary64 that JSON's writers mostly have.
    static let latest = 9_007_199_254_740_991.0

    /// The claim of that name, nil when there is none.
    /// - Throws: `invalidClaim` when it is there and is not a number from 0 to `latest`; null is not a number.
    static func read(_ name: String, in claims: StrictJSONObject) throws(TokenError) -> Double? {
        let seconds: Double
        switch claims[name] {
        case nil: return nil
        case .integer(let integer)?: seconds = Double(integer)
        case .number(let number)?: seconds = number
        default: throw .invalidClaim(name: name)
        }
        guard (0...latest).contains(seconds) else { throw .invalidClaim(name: name) }
        return seconds
    }
}
