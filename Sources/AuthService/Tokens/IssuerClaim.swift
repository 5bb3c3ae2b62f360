import Shared

/// `iss` (RFC 7519 section 4.1.1): text. Where this service has a name, a token of another name is refused, whatever key
/// signed it; one that names nobody is the key's.
enum IssuerClaim {
    static func check(_ claims: StrictJSONObject, _ rules: ClaimRules) throws(TokenError) {
        guard let member = claims["iss"] else { return }
        guard let issuer = member.string else { throw .noText(name: "iss") }
        if let own = rules.issuer, !own.hasSameCodePoints(as: issuer) { throw .otherIssuer }
    }
}
