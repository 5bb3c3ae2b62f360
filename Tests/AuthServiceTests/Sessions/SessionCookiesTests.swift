import Shared
import Testing

@testable import AuthService

@Suite("The cookies of sessions")
struct SessionCookiesTests {
    private let cookies = SessionCookies(name: "id")

    @Test("no script reads them, none leaves without TLS, and the refresh token goes to /api/auth alone")
    func attributes() throws {
        let refresh = try #require(RefreshToken.make())
        let fields = cookies.setting(
            token: IssuedToken(bytes: Array("a.b.c".utf8), expires: 9), accessSeconds: 900, refresh: refresh,
            refreshSeconds: 3600)
        #expect(fields.map(\.name) == ["Set-Cookie", "Set-Cookie"])
        #expect(fields[0].value == "__Host-id=a.b.c; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax")
        #expect(
            fields[1].value
                == "__Secure-id-refresh=\(refresh.text); Path=/api/auth; Max-Age=3600; HttpOnly; Secure; SameSite=Strict"
        )
        #expect(cookies.clearing[0].value == "__Host-id=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
    }

    @Test("a cookie is found by its whole name, whatever stands beside it")
    func read() {
        func value(_ fields: [String]) -> String? {
            SessionCookies.value(of: "__Host-id", in: ServiceRequest(.get, "/", fields: fields.map { ("Cookie", $0) }))
        }
        #expect(value(["a=1; __Host-id=x.y.z; b=2"]) == "x.y.z")
        #expect(value(["a=1", "__Host-id=x=y"]) == "x=y")
        #expect(value(["__Host-id=; __Host-id=x"]) == "x")
        for none in [[], ["__Host-idx=1"], ["x__Host-id=1"], ["__host-id=1"], ["__Host-id"], ["a=__Host-id=1"]]
            as [[String]]
        {
            #expect(value(none) == nil, "\(none)")
        }
    }
}
