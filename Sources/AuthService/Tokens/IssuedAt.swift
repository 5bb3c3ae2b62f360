import Shared

/// `iat` (RFC 7519 section 4.1.6): a time where it is there. One that lies ahead refuses nothing: the RFC gives it no
/// such meaning, and two hosts' clocks differ.
enum IssuedAt {
    static func check(_ claims: StrictJSONObject) throws(TokenError) {
        _ = try NumericDate.read("iat", in: claims)
    }
}
