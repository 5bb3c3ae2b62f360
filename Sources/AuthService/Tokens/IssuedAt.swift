import Shared

/// `iat` (RFC 7519 section 4.1.6): a time where it is there. One that lies ahead refuses nothing of our own: the RFC gives it
/// no such meaning, and two hosts' clocks differ. For an issuer's tokens its clock skew is known, and a token of later is
/// refused, as Clerk has it.
enum IssuedAt {
    static func check(_ claims: StrictJSONObject, noLaterThan latest: Double = .infinity) throws(TokenError) {
        guard let time = try NumericDate.read("iat", in: claims) else { return }
        guard time <= latest else { throw .issuedLater(at: time) }
    }
}
