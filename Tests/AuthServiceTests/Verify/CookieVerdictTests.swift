import Shared
import Testing

@testable import AuthService

@Suite("GET /verify with a Cookie")
struct CookieVerdictTests {
    private let issuer: TestIssuer
    private let endpoint: VerifyEndpoint

    init() throws {
        issuer = try TestIssuer("https://one.example")
        let places = TokenPlaces(header: true, cookies: ["__session", "__session_*"].compactMap(CookieName.init))
        endpoint = VerifyEndpoint(
            keys: try TokenFixtures.live(), revocations: LiveRevocations(),
            lifetime: VerdictLifetime(good: 60, refused: 5),
            issuers: try .test([.test(issuer.name, places: places)], sets: [issuer.set]),
            ownCookies: [CookieName("own")].compactMap { $0 }, now: { TestIssuer.now })
    }

    private func ask(
        _ endpoint: VerifyEndpoint, _ authorization: [String], _ cookies: [String] = []
    ) -> ServiceResponse {
        endpoint.answer(authorization.map { Array($0.utf8)[...] }, cookies.map { Array($0.utf8)[...] })
    }

    private func status(_ cookies: String...) -> Int { ask(endpoint, [], cookies).status }

    @Test("the first pair that is good counts, whatever stands before it")
    func order() throws {
        let token = try issuer.token()
        let other = try issuer.token(#""sub":"user_2""#)
        let answer = ask(endpoint, [], ["a=b; __session=\(token); __session_x=\(other)"])
        #expect(answer.status == 200 && answer.field("Postern-User") == "user_1")
        #expect(ask(endpoint, [], ["__session=bad; __session_x=\(other)"]).field("Postern-User") == "user_2")
        #expect(status("__session=bad", "__session=\(token)") == 200)
        #expect(status(" __session = x;__session_=\(token) ") == 200)
    }

    @Test("cookies of other names are nobody's tokens, and a cookie is none of another's")
    func names() throws {
        let token = try issuer.token()
        let missing = ask(endpoint, [], ["session=\(token); __sessio=\(token); __SESSION=\(token)"])
        #expect(missing.status == 401 && missing.field("WWW-Authenticate") == "Bearer")
        #expect(status("own=\(token)") == 401)
        let own = try TokenFixtures.sign(#"{"alg":"HS256"}"#, #"{"userId":1}"#, with: TokenFixtures.key())
        #expect(status("own=\(own)") == 200)
        #expect(status("__session=\(own)") == 401)
    }

    @Test("four pairs are judged at most, and Authorization goes before all")
    func limits() throws {
        let token = try issuer.token()
        let bad = (0..<4).map { "__session_\($0)=x; " }.joined()
        #expect(status(bad + "__session=\(token)") == 401)
        #expect(status(String(bad.dropLast(2).dropLast(14)) + "; __session=\(token)") == 200)
        #expect(ask(endpoint, ["Bearer x"], ["__session=\(token)"]).status == 401)
        #expect(ask(endpoint, [""], ["__session=\(token)"]).status == 200)
    }

    @Test("a pair that nobody can judge yet leaves it open, unless another is good")
    func unknown() throws {
        let remote = try IssuerConfiguration.remote(
            "https://down.example", places: TokenPlaces(cookies: [CookieName("d")].compactMap { $0 }))
        let places = TokenPlaces(cookies: [CookieName("c")].compactMap { $0 })
        var endpoint = endpoint
        endpoint.issuers = try .test([remote, .test(issuer.name, places: places)], sets: [issuer.set, issuer.set])
        let down = try TestIssuer("https://down.example").token()
        let open = ask(endpoint, [], ["d=\(down); c=x"])
        #expect(open.status == 503 && open.field("Retry-After") == "1")
        #expect(open.field("Cache-Control") == "no-store")
        #expect(try ask(endpoint, [], ["d=\(down); c=\(issuer.token())"]).status == 200)
        #expect(ask(endpoint, ["Bearer \(down)"]).status == 503)
        // What cannot be good needs no key to be refused.
        let expired = try TestIssuer("https://down.example").token(exp: TestIssuer.now - 60)
        #expect(ask(endpoint, ["Bearer \(expired)"]).status == 401)
    }
}
