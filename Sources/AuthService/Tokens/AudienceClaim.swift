import Shared

/// `aud` (RFC 7519 section 4.1.3): a text, or a list of texts. Who does not find its own name in it must refuse the
/// token, and who has no name finds none. Where this service has one, every token must have it (RFC 8725 section 3.9).
enum AudienceClaim {
    static func check(_ claims: StrictJSONObject, _ rules: ClaimRules) throws(TokenError) {
        guard claims["aud"] != nil || rules.audience != nil else { return }
        try check(claims, anyOf: rules.audience.map { [$0] } ?? [])
    }

    /// - Parameter own: the names, of which one must be there; none where a token must have no `aud`.
    static func check(_ claims: StrictJSONObject, anyOf own: [String]) throws(TokenError) {
        guard let member = claims["aud"] else {
            if !own.isEmpty { throw .otherAudience }
            return
        }
        let names = (member.array ?? [member]).map(\.string)
        guard !names.contains(nil) else { throw .noText(name: "aud") }
        let isOwn = own.contains { own in names.contains { $0?.hasSameCodePoints(as: own) == true } }
        guard isOwn else { throw .otherAudience }
    }
}
