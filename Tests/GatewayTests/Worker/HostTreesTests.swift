import ArgumentParser
import Testing

@testable import Gateway
@testable import Shared

@Suite("Hosts with routes of their own")
struct HostTreesTests {
    private let gateway: TestGateway
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway(
            ["x": "service: data\npath: /others", "only": "service: data"],
            files: [
                "hosts/api.example/routes/_defaults.yaml": "service: data",
                "hosts/api.example/routes/x.yaml": "path: /api",
                "hosts/*.example/routes/x.yaml": "service: data\npath: /any",
                "hosts/*.deep.example/routes/x.yaml": "service: data\npath: /deep",
                "hosts/[::1]/routes/x.yaml": "service: data\npath: /six",
                "hosts/127.0.0.1/routes/x.yaml": "service: data\npath: /four",
            ])
        service = try gateway.service()
    }

    /// The target that the service is asked for; the status where it is not asked.
    private func target(_ host: String?, _ path: String = "/x") throws -> String {
        let client = try gateway.client()
        let field = host.map { "Host: \($0)\r\n" } ?? ""
        client.send("GET \(path) HTTP/1.\(host == nil ? 0 : 1)\r\n\(field)\r\n")
        gateway.settle()
        guard let connection = service.take() else { return "\(try Answer(client.receiveText()).status)" }
        let seen = try Seen(connection.receiveText())
        connection.send(ok("x", "Connection: close"))
        gateway.settle()
        return String(seen.line.split(separator: " ")[1])
    }

    @Test(
        "the name in Host decides: its port, its case and a period at its end do not",
        arguments: [
            ("api.example", "/api"), ("API.Example:3000", "/api"), ("api.example.", "/api"),
            ("api.example.:80", "/api"),
            ("api.example:", "/api"), ("[::1]", "/six"), ("[::1]:3000", "/six"), ("127.0.0.1:3000", "/four"),
        ])
    func names(host: String, path: String) throws {
        #expect(try target(host) == path)
    }

    @Test(
        "an asterisk stands for all names below, the longest first; a name of its own goes before",
        arguments: [
            ("b.example", "/any"), ("a.b.example", "/any"), ("a.deep.example", "/deep"), ("a.b.deep.example", "/deep"),
            ("deep.example", "/any"), ("api.example", "/api"),
        ])
    func wildcards(host: String, path: String) throws {
        #expect(try target(host) == path)
    }

    @Test(
        "what has no folder of its own has the routes of routes/",
        arguments: ["example", "other.test", "api.example.test", "xapi.test", ".example", "[::2]", nil])
    func others(host: String?) throws {
        #expect(try target(host) == "/others")
    }

    @Test("a host with a folder of its own never falls back to routes/")
    func noFallback() throws {
        #expect(try target("api.example", "/only") == "404")
        #expect(try target("other.test", "/only") == "/only")
    }

    @Test("a target in absolute form is asked of the host that it names, which Host names too")
    func absolute() throws {
        #expect(try target("api.example", "http://api.example/x") == "/api")
        #expect(try target("other.test", "http://api.example/x") == "400")
    }

    @Test("one connection may ask one host after the other")
    func oneConnection() throws {
        let client = try gateway.client()
        for (host, path) in [("api.example", "/api"), ("o.test", "/others"), ("b.example", "/any")] {
            client.send("GET /x HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let (connection, seen) = try gateway.seen(by: service)
            #expect(seen.line == "GET \(path) HTTP/1.1")
            connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            gateway.settle()
            _ = client.receiveText()
        }
    }

    @Test("explain tells by the host, and so does the list of routes")
    func explained() throws {
        let loaded = try TestGateway.load(gateway.folder)
        func explain(_ arguments: String...) throws -> String {
            Explanation(try ExplainArguments.parse(arguments), in: loaded).text
        }
        #expect(try explain("GET", "http://API.example:80/x").contains("host       api.example\n"))
        #expect(try explain("GET", "/x", "--host", "a.example").contains("GET /any HTTP/1.1"))
        #expect(try explain("GET", "/x").contains("GET /others HTTP/1.1"))
        #expect(try explain("GET", "/only", "--host", "api.example").contains("no file in hosts/api.example/routes/"))
        let table = RouteTable(loaded).text
        #expect(table.hasPrefix("HOST            ROUTE"))
        #expect(table.contains("\n*.deep.example  /x"))
        #expect(table.contains("\n(others)        /only"))
    }
}

@Suite("The folder hosts/")
struct HostsFolderTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    @Test(
        "a folder whose name no Host is ever is a problem",
        arguments: [
            ("API.example", "has capital letters"), ("api.example.", "ends in a period"),
            ("api.example:80", "has a port"),
            ("bücher.example", "is not in ASCII"), ("a..b", "is no name of a host"), ("-a.b", "is no name of a host"),
            ("*", "is no name of a host"), ("a.*.b", "is no name of a host"), ("*.*.b", "is no name of a host"),
            ("a b", "is no name of a host"),
        ])
    func names(name: String, problem: String) throws {
        let found = try configuration.problems("hosts/\(name)/routes/x.yaml", "service: data\n")
        #expect(found.count == 1)
        #expect(found.first?.contains(problem) == true, "\(found)")
    }

    @Test("routes clash within one host, not between hosts; defaults hold in their own")
    func clashes() throws {
        try configuration.folder.write("auth: required\n", to: "routes/_defaults.yaml")
        try configuration.folder.write("service: data\n", to: "hosts/a.test/routes/index.yaml")
        #expect(configuration.problems() == [])
        let loaded = try configuration.load()
        #expect(loaded.hosts?.hosts.first?.tree.routes.first?.value.authentication == RouteRule.Authentication.none)
        let found = try configuration.problems("hosts/a.test/routes/[[...all]].yaml", "service: data\n")
        #expect(found.count == 1)
    }

    @Test("with hosts there need be no routes/; a host's own must be there, and nothing beside it")
    func folders() throws {
        try configuration.folder.remove("routes")
        #expect(
            configuration.problems() == [
                "routes: the folder cannot be read. Create it, or give the user who runs this the right to read it."
            ])
        try configuration.folder.write("service: data\n", to: "hosts/a.test/routes/index.yaml")
        #expect(configuration.problems() == [])
        try configuration.folder.makeFolder("hosts/b.test")
        try configuration.folder.write("", to: "hosts/a.test/index.yaml")
        #expect(configuration.problems().count == 2)
    }
}
