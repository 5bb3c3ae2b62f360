import Shared

/// `nbf`: the token must not be taken before that time (RFC 7519 section 4.1.5). For our own tokens there is no
/// leeway.
enum NotBefore {
    /// - Parameter leeway: seconds for which it is taken before.
    static func check(_ claims: StrictJSONObject, now: Int64, leeway: Double = 0) throws(TokenError) {
        guard let start = try NumericDate.read("nbf", in: claims) else { return }
        guard Double(now) >= start - leeway else { throw .notYetValid(until: start - leeway) }
    }
}
