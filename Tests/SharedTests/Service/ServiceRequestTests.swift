import Testing

@testable import Shared

@Suite("Requests made by hand")
struct ServiceRequestTests {
    @Test("have a query, fields and a body")
    func parts() {
        let request = ServiceRequest(
            .post, "/a?x=1&x=2&y=a+b", parameters: RouteParameters([("id", ["7"])]),
            fields: [("X-A", "1"), ("x-a", "2"), ("Y", "")], body: [1, 2])
        #expect(request.query.values("x") == ["1", "2"])
        #expect(request.query.first("y") == "a b")
        #expect(request.parameters.first("id") == "7")
        #expect(request.fields("X-a") == ["1", "2"])
        #expect(request.field("y") == "")
        #expect(request.field("z") == nil)
        #expect(request.field("X-") == nil)
        #expect(request.body == [1, 2])
        #expect(request.peer == nil)
    }

    @Test("tell the values of a field as bytes, whatever the case of its name")
    func values() {
        let fields = [("AUTHORIZATION", "a"), ("Cookie", "b"), ("authorization", ""), ("x-authorization", "c")]
        let request = ServiceRequest(.get, "/a", fields: fields)
        #expect(request.values(.authorization).map(Array.init) == [[97], []])
        #expect(request.values(.cookie).map(Array.init) == [[98]])
        #expect(request.values(.host).isEmpty)
    }

    @Test("a target without a query, or with one that cannot be decoded, has no parameters")
    func noQuery() {
        #expect(ServiceRequest(.get, "/a").query.values("x") == [])
        #expect(ServiceRequest(.get, "/a?x=%zz").query.values("x") == [])
        #expect(ServiceRequest(.get, "/a?x=1?y=2").query.first("x") == "1?y=2")
    }
}
