import Shared

/// What a good token says.
struct VerifiedToken: Sendable {
    let claims: StrictJSONObject
    /// The payload's base64url, as it stood in the token.
    let payload: String
    /// Seconds since 1970 from which it is no longer good; nil for never.
    let expiry: Double?
    /// The `kid` of the key that signed it.
    var keyID: String?
    /// Header and payload, as the signature is over them.
    var signingInput: ArraySlice<UInt8> = []
    /// Who the token is about, by the rules of the issuer that made it; nil for our own.
    var issuersUser: String?
    /// Seconds for which it is known that its issuer's keys are good; nil for our own.
    var keysHoldFor: Int64?

    /// What names this token and no other, in base64url; nil when libcrypto fails.
    var digest: String? {
        OpenSSL.sha256(Array(signingInput)).map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
    }

    /// Who the token is about: `userId`, else `sub` (RFC 7519 section 4.1.2). Nil when neither is there, and when the
    /// one that counts is neither a whole number nor a text that a header field can carry: the other is not asked then,
    /// for a token about two people is about none.
    var user: String? { issuersUser ?? Self.name(claims["userId"] ?? claims["sub"]) }

    /// The value as a name of somebody; nil when it is none.
    static func name(_ value: StrictJSONValue?) -> String? {
        switch value {
        case .integer(let number)?: String(number)
        case .string(let text)? where isFieldValue(text): text
        default: nil
        }
    }

    /// Visible ASCII without white space, not empty, 256 bytes at most.
    static func isFieldValue(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
}
