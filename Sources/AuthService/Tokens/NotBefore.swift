import Shared

/// `nbf`: the token must not be taken before that time (RFC 7519 section 4.1.5). There is no leeway.
enum NotBefore {
    static func check(_ claims: StrictJSONObject, now: Int64) throws(TokenError) {
        guard let start = try NumericDate.read("nbf", in: claims) else { return }
        guard Double(now) >= start else { throw .notYetValid(until: start) }
    }
}
