import Shared

/// `jti` (RFC 7519 section 4.1.7) and `sid`, the session (OpenID Connect Front-Channel Logout section 3): text, where they
/// are there, for what names a token or a session must be able to revoke it.
enum TokenIdentifier {
    static func check(_ claims: StrictJSONObject) throws(TokenError) {
        for name in ["jti", "sid"] {
            guard let member = claims[name] else { continue }
            guard member.string != nil else { throw .noText(name: name) }
        }
    }
}
