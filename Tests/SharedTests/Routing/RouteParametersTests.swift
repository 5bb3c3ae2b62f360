import Shared
import Testing

@Suite("The parameters of a route")
struct RouteParametersTests {
    private let parameters = RouteParameters([("id", ["1"]), ("rest", ["a", "b"])])

    @Test("are found by name")
    func lookUp() {
        #expect(parameters["id"] == ["1"])
        #expect(parameters["rest"] == ["a", "b"])
        #expect(parameters.first("rest") == "a")
        #expect(parameters["none"] == nil)
        #expect(RouteParameters()["id"] == nil)
    }

    @Test("beat query parameters of the same name")
    func beatTheQuery() throws {
        let query = try QueryParameters("id=2&id=3&other=4".utf8)
        #expect(parameters.values("id", or: query) == ["1"])
        #expect(parameters.values("other", or: query) == ["4"])
        #expect(parameters.values("none", or: query) == [])
    }

    @Test("leave a name to the query when an optional catch-all took nothing")
    func emptyOptionalCatchAll() throws {
        let tree = try RouteTree([(pattern: try RoutePattern("/p/[[...rest]]"), value: 0, source: "p.yaml")])
        let path = try CanonicalPath("/p".utf8)
        var captures = RouteCaptures()
        #expect(tree.match(path, captures: &captures) == 0)
        let query = try QueryParameters("rest=x".utf8)
        #expect(tree.parameters(captures, of: path).values("rest", or: query) == ["x"])
    }
}
