import Testing

@testable import Shared

@Suite("The endpoints behind a listener")
struct ServiceRoutesTests {
    private func endpoint(_ method: Method, _ pattern: String, _ status: Int = 200) -> ServiceEndpoint {
        ServiceEndpoint(method, pattern, .immediate { _ in ServiceResponse(status: status) })
    }

    @Test("methods of one pattern share a place, written with or without index")
    func place() throws {
        let routes = try ServiceRoutes([endpoint(.get, "/a"), endpoint(.post, "/a/index"), endpoint(.delete, "/b")])
        #expect(routes.tree.routes.map(\.value.allow) == ["GET, POST, HEAD", "DELETE"])
        #expect(routes.tree.routes[0].value.handler(for: .put) == nil)
        #expect(routes.tree.routes[0].value.handler(for: .head) != nil)
        #expect(routes.tree.routes[1].value.handler(for: .head) == nil)
    }

    @Test("HEAD has a handler of its own where it is given one")
    func head() async throws {
        let routes = try ServiceRoutes([endpoint(.get, "/a"), endpoint(.head, "/a", 204)])
        let place = routes.tree.routes[0].value
        #expect(place.allow == "GET, HEAD")
        #expect(await place.handler(for: .head)?.answer(ServiceRequest(.head, "/a")).status == 204)
    }

    @Test("a method that is given twice on one pattern is a mistake, as are clashes and bad patterns")
    func mistakes() {
        #expect(throws: RouteTreeError.self) { try ServiceRoutes([endpoint(.get, "/a"), endpoint(.get, "/a/index")]) }
        #expect(throws: RouteTreeError.self) { try ServiceRoutes([endpoint(.get, "/[a]"), endpoint(.get, "/[b]/c")]) }
        #expect(throws: RoutePatternError.self) { try ServiceRoutes([endpoint(.get, "/[]")]) }
    }
}
