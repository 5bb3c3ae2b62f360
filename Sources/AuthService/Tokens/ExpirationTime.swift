import Shared

/// `exp`: the token must not be taken on or after that time (RFC 7519 section 4.1.4). For our own tokens there is no leeway.
///
/// A token without `exp` is good without end, as it is for the tutorial's library and in the RFC: only who holds the
/// key can make one, and the issuer here never does. A verdict on it is kept no longer than on any other.
enum ExpirationTime {
    /// - Parameter leeway: seconds for which it is taken beyond.
    /// - Returns: when it is no longer taken.
    static func check(_ claims: StrictJSONObject, now: Int64, leeway: Double = 0) throws(TokenError) -> Double? {
        guard let expiry = try NumericDate.read("exp", in: claims) else { return nil }
        guard Double(now) < expiry + leeway else { throw .expired(at: expiry) }
        return expiry + leeway
    }
}
