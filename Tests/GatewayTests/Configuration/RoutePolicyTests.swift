import Testing

@testable import Gateway
@testable import Shared

@Suite("What route files say of rates, pages, redirects and fixed answers")
struct RoutePolicyTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    /// The problems of a route file at `/[id]/[[...rest]]`, each without the file's name.
    private func problems(_ text: String) throws -> [String] {
        try configuration.problems("routes/[id]/[[...rest]].yaml", text + "\n")
            .map { $0.replacing("routes/[id]/[[...rest]].yaml:", with: "") }
    }

    @Test(
        "what is right is taken",
        arguments: [
            "redirect: /new/{id}", "redirect: https://www.example/{id}/{rest...}?a=b",
            "redirect: {to: 'http://[::1]:8080/', status: 307, query: drop}", "respond: {}",
            "respond: {body: ''}", "respond: {json: [], headers: {X-A: 'b c'}}",
            "service: data\nrate: [1/s, 5/m in all]",
            "service: data\nauth: optional\nrate: 10/m burst 2 per user",
            "service: data\ncors: {origins: https://a.example, methods: [GET], headers: '*', max_age: 1d}",
            "service: data\ncors: {origins: ['null', 'https://*.b.example'], credentials: true, headers: [X-A, X-B]}",
            "service: data\ncors: {origins: '*', expose: '*'}",
        ])
    func taken(_ text: String) throws { #expect(try problems(text) == []) }

    @Test(
        "what is wrong is told with its place and the mend",
        arguments: [
            (
                "redirect: /a\nservice: data",
                "1:11: a route has one of `service`, `redirect` and `respond`, and here are 2"
            ),
            ("redirect: /a\nrespond: {}", "2:10: a route has one of"),
            ("redirect: /a\npath: /b", "2:7: a route that asks no service has no `path`"),
            (
                "respond: {}\nheaders: {response: {set: {X-A: b}}}",
                "2:10: a route that asks no service has no `headers`"
            ),
            ("redirect: new", "1:11: `redirect`: 'new' is neither a path nor an absolute URL with one"),
            ("redirect: //evil.example/", "1:11: `redirect`: "),
            ("redirect: https://{id}/x", "1:11: `redirect`: 'https://{id}/x' is neither"),
            ("redirect: https://a.example", "1:11: `redirect`: 'https://a.example' is neither"),
            ("redirect: https://a@b.example/", "1:11: `redirect`: "),
            ("redirect: ftp://a.example/", "1:11: `redirect`: "),
            ("redirect: \"/a\\r\\nX: y\"", "1:11: `redirect`: "),
            ("redirect: /a#b", "1:11: `redirect`: "),
            ("redirect: /a?b={id}", "1:11: `redirect`: a query of its own is"),
            ("redirect: '/{credential:key}'", "1:11: `redirect`: a credential would be told to every client"),
            ("redirect: /{nobody}", "1:11: `redirect`: the route has no parameter 'nobody'"),
            ("redirect: {to: /a, status: 200}", "1:28: `redirect.status` must be one of: 301"),
            ("redirect: {status: 301}", "1:11: `redirect.to` is missing"),
            ("redirect: {to: /a, query: merge}", "1:27: `redirect.query` must be one of: keep, drop"),
            ("respond: {status: 100}", "1:19: `respond.status` must be a whole number from 200 to 599"),
            ("respond: {status: 204, body: x}", "1:19: an answer 204 has no body"),
            ("respond: {body: x, json: 1}", "1:26: `respond` has a `body` and a `json`"),
            ("respond: {headers: {Content-Length: '1'}}", "1:20: Content-Length belongs to the connection"),
            ("respond: {headers: {Content-Type: a/b}}", "1:20: `Content-Type` is the gateway's to say. Write it as"),
            ("respond: {headers: {'X Y': a}}", "1:20: \"X Y\" is no name of a field"),
            ("respond: {headers: {X: \"a\\r\\nY: b\"}}", "1:24: `respond.headers.X` must be text of one line"),
            (
                "service: data\nrate: fast",
                "2:7: `rate` must be a rate, not \"fast\". Write for example `100/s per client`"
            ),
            ("service: data\nrate: 1/s per user", "2:7: a rate per user needs to know who asks"),
            ("service: data\ncors: {}", "2:7: `cors.origins` is missing"),
            ("service: data\ncors: {origins: a.example}", "2:17: `cors.origins` must be an origin"),
            (
                "service: data\ncors: {origins: '*', credentials: true}",
                "2:35: `credentials` and an origin `*` would let"
            ),
            ("service: data\ncors: {origins: ['*', 'null']}", "2:17: `*` stands for every origin"),
            (
                "service: data\ncors: {origins: https://a.example, credentials: true, expose: '*'}",
                "2:63: with `credentials` browsers take `*` for a field"
            ),
            (
                "service: data\ncors: {origins: https://a.example, headers: ['a b']}",
                "2:46: `cors.headers` must be a field"
            ),
        ])
    func told(_ text: String, _ problem: String) throws {
        let found = try problems(text)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix(problem) == true, "\(found)")
    }

    @Test("rates are judged in the order client, user, all, whatever the order in the file")
    func order() throws {
        try configuration.folder.write(
            "service: data\nauth: required\nrate: [1/s in all, 2/s per user, 3/s per client, 4/m per client]\n",
            to: "routes/index.yaml")
        let rule = try configuration.load().routes[0]
        #expect(rule.rates.map(\.text) == ["3/s per client", "4/m per client", "2/s per user", "1/s in all"])
        #expect(rule.clientRates == 2)
        #expect(Set(rule.rates.map(\.seed)).count == 4)
    }
}
