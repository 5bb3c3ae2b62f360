import Testing

@Suite("There is no side door")
struct SideDoorTests {
    @Test(
        "No field of a request says that it was judged already, or is another request than it is",
        arguments: [
            "Postern-User: 1", "Postern-Claims: e30", "Postern-Expires: 9999999999",
            "X-Middleware-Subrequest: middleware",
            "X-Forwarded-User: admin", "X-Forwarded-For: 127.0.0.1", "X-Original-URL: /slow/x",
            "X-Rewrite-URL: /slow/x",
            "X-Forwarded-Uri: /slow/x", "X-Original-Method: OPTIONS", "X-HTTP-Method-Override: OPTIONS",
            "Proxy-Authorization: Bearer t", "Cookie: Authorization=Bearer t", "Connection: Postern-User, keep-alive",
        ])
    func fields(_ field: String) throws {
        let fixture = try GatewayFixture()
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("inside") }
        let verify = try ScriptedService(fixture.verifySocket) { _ in Answer.verdict(user: "1") }
        defer {
            main.stop()
            verify.stop()
        }
        let gateway = try fixture.start()
        let answer = try gateway.request("GET", "/members/x", fields: [field])
        #expect(answer.status == (field.hasPrefix("Connection") ? 400 : 401))
        #expect(main.record.value.connections == 0)
        // Its ear at the auth service asks nothing of anybody.
        #expect(verify.record.value.requests.allSatisfy { $0.start == "GET /revocations HTTP/1.1" })
    }
}
