import Shared

/// The cookies that hold a session's tokens where `sessions.cookie` has a name: `__Host-NAME` the access token,
/// `__Secure-NAME-refresh` the refresh token, for `/api/auth` alone. No script reads them, no other host sets them
/// (RFC 6265bis section 4.1.3), and none leaves without TLS.
struct SessionCookies: Sendable, Equatable {
    /// The name of the access token's cookie.
    let access: String
    /// The name of the refresh token's cookie.
    let refresh: String

    init(name: String) {
        access = "__Host-\(name)"
        refresh = "__Secure-\(name)-refresh"
    }

    typealias Field = (name: String, value: String)

    /// - Parameters:
    ///   - accessSeconds: how long the access token is good.
    ///   - refreshSeconds: how long the refresh token is.
    func setting(token: IssuedToken, accessSeconds: Int64, refresh: RefreshToken, refreshSeconds: Int64) -> [Field] {
        fields(
            access: String(decoding: token.bytes, as: UTF8.self), accessSeconds, refresh: refresh.text, refreshSeconds)
    }

    /// Takes both from the browser.
    var clearing: [Field] { fields(access: "", 0, refresh: "", 0) }

    private func fields(
        access token: String, _ accessSeconds: Int64, refresh refreshToken: String, _ refreshSeconds: Int64
    ) -> [Field] {
        [
            (
                "Set-Cookie",
                "\(access)=\(token); Path=/; Max-Age=\(accessSeconds); HttpOnly; Secure; SameSite=Lax"
            ),
            (
                "Set-Cookie",
                "\(refresh)=\(refreshToken); Path=/api/auth; Max-Age=\(refreshSeconds); HttpOnly; Secure; SameSite=Strict"
            ),
        ]
    }

    /// The value of the request's first cookie of that name, which is not empty.
    static func value(of name: String, in request: ServiceRequest) -> String? {
        for field in request.fields("Cookie") {
            for pair in field.split(separator: ";") {
                let text = pair.drop { $0 == " " || $0 == "\t" }
                guard let equals = text.firstIndex(of: "="), text[..<equals] == name else { continue }
                let value = text[text.index(after: equals)...]
                if !value.isEmpty { return String(value) }
            }
        }
        return nil
    }
}
