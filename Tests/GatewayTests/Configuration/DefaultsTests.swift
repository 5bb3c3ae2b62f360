import Testing

@testable import Gateway
@testable import Shared

@Suite("_defaults.yaml")
struct DefaultsTests {
    private let configuration: TestConfiguration

    init() throws {
        configuration = try TestConfiguration()
        try configuration.folder.write("instances: unix:other/*.sock\n", to: "services/other.yaml")
    }

    private func write(_ files: [String: String]) throws {
        for (name, text) in files { try configuration.folder.write(text + "\n", to: "routes/\(name).yaml") }
    }

    private func rule(_ pattern: String) throws -> RouteRule {
        let route = try configuration.load().routes.routes.first { $0.pattern.description == pattern }
        return try #require(route).value
    }

    /// Where each setting of a route comes from, the folder's path left out.
    private func origins(_ pattern: String) throws -> [String: String] {
        try rule(pattern).settings.reduce(into: [:]) { origins, setting in
            let place = setting.place.map { "\($0.file):\($0.line ?? 0)" } ?? "default"
            origins[setting.key] = "\(setting.value) \(place)".replacing(configuration.folder.path + "/", with: "")
        }
    }

    @Test("a nearer file wins, key by key")
    func nearer() throws {
        try write([
            "_defaults": "service: data\nauth: required\ntimeout: 1s\nmethods: [GET]",
            "a/_defaults": "timeout: 2s\nbody_limit: 1KiB", "a/b/c": "auth: none\nbody_limit: 2KiB", "a/d": "",
            "e": "service: other",
        ])
        let deep = try rule("/a/b/c")
        #expect(deep.authentication == .none)
        #expect(deep.timeout == 2 * second)
        #expect(deep.bodyLimit.bytes == 2048)
        #expect(deep.allow == "GET, HEAD")
        #expect(try rule("/a/d").bodyLimit.bytes == 1024)
        #expect(try rule("/a/d").authentication == .required)
        #expect(try rule("/e").service == 1)
        #expect(try rule("/e").timeout == second)
    }

    @Test("each value keeps the place that it came from")
    func provenance() throws {
        try write([
            "_defaults": "service: data\ntimeout: 1s\nheaders:\n  set: {X-A: top, X-B: top}\nquery: {a: 1, b: 2}",
            "a/_defaults": "\nheaders: {set: {x-b: near}, remove: [X-C]}",
            "a/[id]": "\n\nquery: {b: '{id}'}\nmask:\n  body: true",
        ])
        let expected = [
            "service": "data routes/_defaults.yaml:1", "timeout": "1s routes/_defaults.yaml:2",
            "headers.set.X-A": "top routes/_defaults.yaml:4", "headers.set.x-b": "near routes/a/_defaults.yaml:2",
            "headers.remove": "X-C routes/a/_defaults.yaml:2", "query.a": "1 routes/_defaults.yaml:5",
            "query.b": "{id} routes/a/[id].yaml:3", "mask.body": "true routes/a/[id].yaml:5",
            "body_limit": "1MiB default", "methods": "all default", "auth": "none default",
        ]
        let found = try origins("/a/[id]")
        for (key, value) in expected { #expect(found[key] == value) }
    }

    @Test("fields and parameters of the query are joined name by name; a nearer removal undoes a farther set")
    func joined() throws {
        let gateway = try TestGateway(
            [
                "_defaults": "service: data\nheaders: {set: {X-A: 1, X-B: 1}, remove: [X-C]}\nquery: {a: 1, b: 1}",
                "w/_defaults": "headers: {set: {x-b: 2}, response: {set: {X-R: 1}}}",
                "w/x": "headers: {remove: [X-A], set: {X-C: 3}}\nquery: {b: []}",
            ])
        let service = try gateway.service()
        let (seen, answer) = try gateway.exchange(get("/w/x?b=9&c=1", "X-A: c", "X-C: c"), ok("x"), at: service)
        #expect(seen.line == "GET /w/x?c=1&a=1 HTTP/1.1")
        #expect(seen.values("X-A") == [])
        #expect(seen.values("X-B") == ["2"])
        #expect(seen.values("X-C") == ["3"])
        #expect(answer["X-R"] == "1")
    }

    @Test("the blocks of mask are layered key by key")
    func blocks() throws {
        try write(["_defaults": "service: data\nmask: {body: true, errors: replace}", "a": "mask: {errors: pass}"])
        #expect(try rule("/a").mask.body)
        #expect(try rule("/a").mask.errors == .pass)
        #expect(try rule("/").mask.errors == .replace)
    }

    @Test("what is wrong in it names it, once, however many routes it holds for")
    func problems() throws {
        try write([
            "a/_defaults": "service: none\nauht: none\ntimeout: 0s", "a/b": "service: data", "a/c": "", "a/d": "",
        ])
        let found = configuration.problems()
        let places = found.map { String($0.prefix(26)) }
        #expect(places == (1...3).map { "routes/a/_defaults.yaml:\($0):" })
        #expect(found.count == 3)
        #expect(found[1].contains("`auht` is not a known key. Did you mean `auth`?"))
    }

    @Test("it is looked at where no route stands below it, too")
    func alone() throws {
        try write(["a/_defaults": "auth: maybe\nheaders: {set: {Host: x}}\nmask: {bdy: true}"])
        #expect(configuration.problems().count == 3)
    }

    @Test("a parameter that one route below it lacks is an error that names both files")
    func parameter() throws {
        try write(["_defaults": "service: data\nquery: {q: '{city}'}", "[city]": ""])
        #expect(
            configuration.problems()
                == [
                    "routes/_defaults.yaml:2:12: `query.q` (for \(configuration.folder.path)/routes/index.yaml): the route "
                        + "has no parameter 'city'. The file's name has none: write the text without braces, or {{ for a "
                        + "brace."
                ].map { $0.replacing(configuration.folder.path + "/", with: "") })
    }

    @Test("a path is one route's own")
    func path() throws {
        try write(["_defaults": "path: /x", "a": "service: data\npath: /y"])
        #expect(
            configuration.problems() == [
                "routes/_defaults.yaml:1:7: `path` is one route's own, not a default. Write it into the file of the route."
            ])
    }

    @Test("a route needs a service from some file, and none is asked of the defaults themselves")
    func service() throws {
        try write(["_defaults": "auth: none", "a": ""])
        #expect(
            configuration.problems() == [
                "routes/a.yaml: `service` is missing. Add it, for example: `service: data`."
            ])
    }

    @Test("in services/ the name is none")
    func services() throws {
        try configuration.folder.write("", to: "services/_defaults.yaml")
        #expect(configuration.problems().first?.contains("names that begin with an underscore are reserved") == true)
    }
}
