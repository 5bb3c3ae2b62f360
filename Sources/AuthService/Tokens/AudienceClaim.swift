import Shared

/// `aud` (RFC 7519 section 4.1.3): a text, or a list of texts. Who does not find its own name in it must refuse the
/// token, and who has no name finds none. Where this service has one, every token must have it (RFC 8725 section 3.9).
enum AudienceClaim {
    static func check(_ claims: StrictJSONObject, _ rules: ClaimRules) throws(TokenError) {
        guard let member = claims["aud"] else {
            if rules.audience != nil { throw .otherAudience }
            return
        }
        let names = (member.array ?? [member]).map(\.string)
        guard !names.contains(nil) else { throw .noText(name: "aud") }
        guard let own = rules.audience, names.contains(where: { $0?.hasSameCodePoints(as: own) == true }) else {
            throw .otherAudience
        }
    }
}
