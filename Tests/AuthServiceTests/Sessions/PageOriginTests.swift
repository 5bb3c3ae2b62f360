import Shared
import Testing

@testable import AuthService

@Suite("Whose page asks")
struct PageOriginTests {
    @Test(
        "pages of other origins are refused, by what the browser says",
        arguments: [
            [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "")],
            [("Origin", "https://evil.example"), ("Host", "a.example")], [("Origin", "null"), ("Host", "a.example")],
            [("Origin", "https://a.example.evil.example"), ("Host", "a.example")], [("Origin", "https://a.example")],
            [("Origin", "https://a.example:444"), ("Host", "a.example")],
            [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "text/plain; x=application/json")],
            [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://a.example"), ("Host", "a.example")],
        ])
    func foreign(fields: [(String, String)]) {
        #expect(PageOrigin.refusal(of: ServiceRequest(.post, "/", fields: fields))?.status == 403)
    }

    @Test(
        "one's own pages, programs that are no browser, and what needed a preflight are not",
        arguments: [
            [], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
            [("Origin", "https://a.example"), ("Host", "A.example")],
            [("Origin", "http://127.0.0.1:3000"), ("Host", "127.0.0.1:3000")],
            [("Sec-Fetch-Site", "cross-site"), ("Content-Type", "application/json; charset=utf-8")],
        ])
    func own(fields: [(String, String)]) {
        #expect(PageOrigin.refusal(of: ServiceRequest(.post, "/", fields: fields)) == nil)
    }
}
