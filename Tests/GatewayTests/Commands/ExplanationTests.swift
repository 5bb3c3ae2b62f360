import ArgumentParser
import Testing

@testable import Gateway
@testable import Shared

@Suite("explain and routes")
struct ExplanationTests {
    private let configuration: GatewayConfiguration
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("listen: 127.0.0.1:3000\nverify: unix:auth/verify.sock\n", to: "postern.yaml")
        try folder.write("instances: [unix:data/*.sock, http://127.0.0.1:81]\n", to: "services/data.yaml")
        try folder.write("service: data\nmethods: [GET]\nauth: required\n", to: "routes/texts/[id].yaml")
        try folder.write("service: data\nauth: optional\n", to: "routes/posts/index.yaml")
        try folder.write("service: data\nmethods: [POST]\n", to: "routes/[...rest].yaml")
        configuration = try GatewayConfiguration.load(
            directory: folder.path, runDirectory: "/run", credentials: .unread())
    }

    private func explain(_ method: String, _ url: String) throws -> (text: String, isServed: Bool) {
        let explanation = Explanation(try ExplainArguments.parse([method, url]), in: configuration)
        return (explanation.text.replacing(folder.path + "/", with: ""), explanation.isServed)
    }

    @Test("a request that is served is told from the file to what is sent")
    func served() throws {
        let explanation = try explain("GET", "http://api.example/texts/%61%2Fb?x=1")
        #expect(explanation.isServed)
        #expect(
            explanation.text == """
                request    GET /texts/%61%2Fb?x=1
                route      /texts/[id]
                file       routes/texts/[id].yaml
                parameter  id = a/b
                token      required: 401 without one, or with one that is refused
                verdict    asked of unix:/run/auth/verify.sock
                service    data (services/data.yaml)
                instances  unix:/run/data/*.sock (every socket there)
                instances  http://127.0.0.1:81
                sent       GET /texts/a%2Fb?x=1 HTTP/1.1
                           Host: api.example
                           X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Request-Id (the gateway's own)
                           Postern-Deadline (milliseconds until its answer is of no use)
                           Postern-User, Postern-Claims (of a good token, in its place)
                dropped    Postern-*, X-Forwarded-*, Forwarded, X-Real-IP, names with _, and what Connection names
                           Authorization, once it was judged
                settings   service: data (routes/texts/[id].yaml:1)
                           methods: [GET] (routes/texts/[id].yaml:2)
                           auth: required (routes/texts/[id].yaml:3)
                           path: the request's own (default)
                           timeout: the service's (default)
                           body_limit: 1MiB (default)

                """)
    }

    @Test("how instances are balanced and checked is told where their file says something of it")
    func balance() throws {
        try folder.write(
            """
            instances: [{address: unix:data/*.sock, weight: 3}, http://127.0.0.1:81]
            balance: {hash: {cookie: sid}}
            slow_start: 30s
            health: {path: /healthz}

            """, to: "services/data.yaml")
        let other = try GatewayConfiguration.load(
            directory: folder.path, runDirectory: "/run", credentials: .unread())
        let text = Explanation(try ExplainArguments.parse(["GET", "/posts"]), in: other).text
        #expect(text.contains("instances  unix:/run/data/*.sock (every socket there), weight 3\n"))
        #expect(
            text.contains(
                "balance    hash on the cookie sid; slow start 30s; ejected for 10s after 5 failures in a row\n"))
        #expect(
            text.contains(
                "health     GET /healthz every 5s, within 1s; down after 3 that fail, up after 2 that pass\n"))
    }

    @Test("a route that asks for no token says so, and sends no identity")
    func open() throws {
        let text = try explain("POST", "/a/b").text
        #expect(text.contains("token      not looked at\n"))
        #expect(text.contains("parameter  rest = a, b\n"))
        #expect(text.contains("Host: (the client's)\n"))
        #expect(!text.contains("Postern-User"))
        #expect(!text.contains("verdict"))
        #expect(!text.contains("Authorization"))
    }

    @Test("what is set is told with the names of credentials, and what came of the client's")
    func templates() throws {
        let folder = try TemporaryFolder()
        try folder.write("listen: 127.0.0.1:3000\n", to: "postern.yaml")
        try folder.write("instances: unix:data.sock\nheaders: {set: {X-S: s}}\n", to: "services/data.yaml")
        try folder.write(
            "service: data\npath: '/{credential:p}/{id}'\nquery: {k: '{credential:q}', i: '{id}'}\n"
                + "headers: {set: {X-K: 'a {credential:h}'}, remove: [Cookie], response: {set: {X-R: '{id}'}}}\n"
                + "basic: {username: u, password: '{credential:b}'}\n", to: "routes/[id].yaml")
        let loaded = try GatewayConfiguration.load(
            directory: folder.path, runDirectory: "/run", credentials: .unread())
        let text = Explanation(try ExplainArguments.parse(["GET", "/%61?k=1&z=2"]), in: loaded).text
        for line in [
            "sent       GET /{credential:p}/a?z=2&k={credential:q}&i=a HTTP/1.1\n", " X-S: s\n",
            " X-K: a {credential:h}\n",
            " Authorization: Basic (u, {credential:b})\n", " the client's own X-S, X-K, Cookie, Authorization\n",
            "answered   without the service's own X-R\n", " X-R: a\n",
            " headers.set.X-S: s (\(folder.path)/services/data.yaml:2)\n",
            " basic: {username: u, password: {credential:b}} (\(folder.path)/routes/[id].yaml:5)\n",
        ] {
            #expect(text.contains(line), "\(line)\(text)")
        }
    }

    @Test("an optional token is judged if it is shown")
    func optional() throws {
        #expect(try explain("DELETE", "/posts").text.contains("token      judged if one is shown\n"))
    }

    @Test(
        "what is not served is told with its answer",
        arguments: [
            ("GET", "/a//b", "answer   400 Bad request: the path has an empty segment\n"),
            ("GET", "/texts/1/", "answer   308 to /texts/1, the path without the slash at its end\n"),
            ("CONNECT", "/texts/1", "answer   400 Bad request: the gateway is no tunnel\n"),
            ("PUT", "/texts/1", "answer     405 Method not allowed, Allow: GET, HEAD\n"),
            ("GET", "/", "answer   404 Not found: no file in routes/ has this path\n"),
        ])
    func refused(method: String, url: String, line: String) throws {
        let explanation = try explain(method, url)
        #expect(!explanation.isServed)
        #expect(explanation.text.hasSuffix(line))
    }

    @Test("what explain says of a method is what the gateway does")
    func agreement() throws {
        let gateway = try TestGateway(
            ["texts/[id]": "service: data\nmethods: [GET]", "open": "service: data"],
            services: ["data": "instances: unix:none/*.sock"])
        let loaded = try TestGateway.load(gateway.folder)
        for method in ["GET", "HEAD", "POST", "BREW", "OPTIONS"] {
            for path in ["/texts/1", "/open", "/none", "/texts/1/", "/a//b"] {
                let explanation = Explanation(try ExplainArguments.parse([method, path]), in: loaded)
                let status = try gateway.answer(request(method, path)).status
                // Who would be served meets a service without instances here.
                let expected =
                    explanation.lines.last.flatMap { $0.name == "answer" ? Int($0.value.prefix(3)) : nil } ?? 503
                #expect(status == expected, "\(method) \(path)")
            }
        }
    }

    @Test("the table has the routes in match order, its columns as wide as they need")
    func table() {
        let text = RouteTable(configuration).text.replacing(folder.path + "/", with: "")
        #expect(
            text
                == """
                ROUTE        METHODS    AUTH      SERVICE  FILE
                /posts       all        optional  data     routes/posts/index.yaml
                /texts/[id]  GET, HEAD  required  data     routes/texts/[id].yaml
                /[...rest]   POST       none      data     routes/[...rest].yaml

                """.replacing("  \n", with: "\n"))
    }
}
