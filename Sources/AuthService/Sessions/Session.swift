import Shared

/// What began with a login, and goes on with each refresh. Times are in seconds since 1970.
struct Session: Sendable, Equatable {
    /// The `sid` of its tokens: 16 random bytes, base64url.
    let id: String
    /// Whose it is: an account's id.
    let user: Int64
    let begun: Int64
    /// When it was last refreshed; when it began, before that.
    var used: Int64
    /// When it ends unless it is refreshed. No token of it is good any longer than that.
    var expires: Int64
    /// When it ends however often it is refreshed.
    let ends: Int64
    /// When the last of its access tokens expires.
    var tokensEnd: Int64

    /// Nil when libcrypto has no entropy to give.
    static func newID() -> String? {
        OpenSSL.randomBytes(16).map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
    }

    func hasExpired(at now: Int64) -> Bool { now >= expires }

    /// What keeps its tokens from being good after its end; nil where none is good any more.
    func revocation(now: Int64) -> Revocation? {
        guard tokensEnd > now else { return nil }
        return Revocation(.session, id, made: now, expires: tokensEnd, user: "\(user)")
    }
}
