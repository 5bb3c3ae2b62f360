import Testing

@testable import Gateway
@testable import Shared

@Suite("Files in routes/")
struct RouteConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func rule(_ text: String) throws -> RouteRule {
        try configuration.folder.write(text, to: "routes/index.yaml")
        return try configuration.load().routes.routes[0].value
    }

    @Test("every key is taken")
    func keys() throws {
        let rule = try rule(
            "service: data\nmethods: [GET, POST]\nauth: optional\ntimeout: 1500ms\nbody_limit: 64KiB\n")
        #expect(rule.service == 0)
        #expect(rule.allow == "GET, POST, HEAD")
        #expect(rule.authentication == .optional)
        #expect(rule.timeout == 1500 * millisecond)
        #expect(rule.bodyLimit.bytes == 65536)
        #expect(rule.file == configuration.folder["routes/index.yaml"])
    }

    @Test("routes/.well-known is read, and its files are routes as any other")
    func wellKnown() throws {
        try configuration.folder.write("service: data\n", to: "routes/.well-known/jwks.json.yaml")
        try configuration.folder.write("service: data\n", to: "routes/.hidden/x.yaml")
        #expect(try configuration.load().routes.routes.map(\.pattern.description) == ["/", "/.well-known/jwks.json"])
    }

    @Test("all but service has a default")
    func defaults() throws {
        let rule = try rule("service: data\n")
        #expect(rule.methodsText == "all")
        #expect(rule.authentication == .none)
        #expect(rule.timeout == 30 * second)
        #expect(rule.bodyLimit.bytes == 1 << 20)
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            ("", "routes/index.yaml: `service` is missing. Add it, for example: `service: data`."),
            (
                "service: x\n",
                "routes/index.yaml:1:10: there is no service 'x'. Add services/x.yaml, or name one of: data."
            ),
            (
                "service: data\nmethods: [GET, get]\n",
                "routes/index.yaml:2:16: `methods` must be a method, not \"get\". "
                    + "Write one of: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH."
            ),
            (
                "service: data\nmethods: CONNECT\n",
                "routes/index.yaml:2:10: `methods` must be a method, not \"CONNECT\". "
                    + "Write one of: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH."
            ),
            (
                "service: data\nmethods: []\n",
                "routes/index.yaml:2:10: `methods` has too few items (0). Write 1 at least, or take the key out."
            ),
            (
                "service: data\nauth: requird\n",
                "routes/index.yaml:2:7: `auth` must be one of: none, optional, required, not \"requird\". "
                    + "Did you mean `required`?"
            ),
            (
                "service: data\ntimeout: 0s\n",
                "routes/index.yaml:2:10: `timeout` must be a duration from 1ms to 1d, not \"0s\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
            ),
            (
                "service: data\nbody_limit: -1\n",
                "routes/index.yaml:2:13: `body_limit` must be a size from 0 up, not \"-1\". "
                    + "Write a whole number and a unit: 64KiB, 1MiB, 1MB, or bytes without a unit."
            ),
            (
                "service: data\nmethdos: GET\n",
                "routes/index.yaml:2:1: `methdos` is not a known key. Did you mean `methods`?"
            ),
            (
                "service: data\nservice: data\n",
                "routes/index.yaml:1:1: `service` is written more than once in this mapping. Keep one of them."
            ),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("routes/index.yaml", text) == [problem])
    }

    @Test("a route that asks for tokens needs to know who judges them")
    func authWithoutVerify() throws {
        try configuration.folder.write("listen: 127.0.0.1:3000\n", to: "postern.yaml")
        for word in ["required", "optional"] {
            let expected =
                "routes/index.yaml:2:7: the route asks for tokens, and postern.yaml does not say who judges them. "
                + "Add to postern.yaml: `verify: unix:auth/verify.sock`."
            #expect(try configuration.problems("routes/index.yaml", "service: data\nauth: \(word)\n") == [expected])
        }
        #expect(try configuration.problems("routes/index.yaml", "service: data\nauth: none\n") == [])
    }

    @Test("without any service the mend says to add the one that is named")
    func noServices() throws {
        try configuration.folder.remove("services/data.yaml")
        #expect(
            configuration.problems() == ["routes/index.yaml:1:10: there is no service 'data'. Add services/data.yaml."])
    }

    @Test("a clash names both files, also where one of them has another problem")
    func clash() throws {
        try configuration.folder.write("service: data\n", to: "routes/users.yaml")
        try configuration.folder.write("service: nobody\n", to: "routes/users/index.yaml")
        let expected = [
            "routes/users/index.yaml: `/users` (routes/users/index.yaml) and `/users` (routes/users.yaml) "
                + "are the same route. Remove one of the two files.",
            "routes/users/index.yaml:1:10: there is no service 'nobody'. Add services/nobody.yaml, or name one of: data.",
        ]
        #expect(configuration.problems() == expected)
    }

    @Test(
        "a file whose name is no route is a problem",
        arguments: [
            ("[id].x.yaml", "has a bracket in `[id].x` that does not enclose the whole segment"),
            ("[[id]].yaml", "has an optional parameter `[[id]]`, which does not exist"),
            ("[].yaml", "has a parameter without a name, `[]`"),
            ("[...a]/b.yaml", "has segments after the catch-all `[...a]`"),
            ("[a]/[a].yaml", "has the parameter `a` twice"),
        ])
    func badPattern(name: String, problem: String) throws {
        let found = try configuration.problems("routes/\(name)", "service: data\n")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("routes/\(name): the route `/\(name.dropLast(5))` \(problem). ") == true)
    }
}
