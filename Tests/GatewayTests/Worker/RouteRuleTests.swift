import Testing

@testable import Gateway
@testable import Shared

@Suite("What a route file says, for the byte path")
struct RouteRuleTests {
    private func rule(_ methods: [Method]?, bodyLimit: Int = 1 << 20) -> RouteRule {
        RouteRule(
            file: "f", pattern: "/", service: 0, methods: methods, authentication: .none, timeout: 1,
            bodyLimit: bodyLimit)
    }

    @Test("a route without methods takes all")
    func all() {
        let rule = rule(nil)
        for method in Method.allCases { #expect(rule.allows(method)) }
        #expect(rule.methodsText == "all")
        #expect(!rule.allow.contains(", ,"))
    }

    @Test("a route takes its methods, HEAD with GET, and no others")
    func some() {
        let rule = rule([.post, .get])
        #expect(Method.allCases.filter(rule.allows) == [.get, .head, .post])
        #expect(rule.allow == "POST, GET, HEAD")
        #expect(rule.allowField == Array("Allow: POST, GET, HEAD\r\n".utf8))
        #expect(rule.methodsText == "POST, GET, HEAD")
    }

    @Test("HEAD without GET is HEAD alone, and is not named twice")
    func head() {
        #expect(rule([.head]).allow == "HEAD")
        #expect(rule([.head, .get]).allow == "HEAD, GET")
        #expect(!rule([.post]).allows(.head))
    }
}
