// Unsafe code: lends the bytes of texts.
import Testing

@testable import Gateway
@testable import Shared

@Suite("From a service's URLs to the public ones")
struct PublicURLMapTests {
    /// A map over routes whose files are given by what they say beside `service`.
    private func map(
        _ routes: [String: String], basePath: String = "", services: [String] = ["data"]
    ) throws -> PublicURLMap {
        let folder = try TemporaryFolder()
        let files = routes.mapValues { text in text.contains("service:") ? text : "service: data\n" + text }
        let instances = services.map { ($0, "instances: unix:\($0).sock") }
        try TestGateway.write(files, Dictionary(uniqueKeysWithValues: instances), to: folder)
        let tree = try TestGateway.load(folder).routes
        return PublicURLMap(PublicURLIndex(tree: tree, basePaths: services.map { _ in basePath }))
    }

    private func target(_ target: String, _ map: PublicURLMap, service: Int = 0) -> String? {
        var output = Array("before ".utf8)
        let bytes = Array(target.utf8)
        guard unsafe map.appendPublicTarget(of: bytes.span.bytes, service: service, to: &output) else {
            #expect(String(decoding: output, as: UTF8.self) == "before ")
            return nil
        }
        return String(String(decoding: output, as: UTF8.self).dropFirst("before ".count))
    }

    private func isPublic(_ target: String, _ map: PublicURLMap) -> Bool {
        let bytes = Array(target.utf8)
        return unsafe map.isPublic(bytes.span.bytes)
    }

    @Test("a route without a path leads to the very path, with its query and fragment")
    func plain() throws {
        let map = try map(["api/users/index": "", "api/users/[id]/index": "", "files/[...path]": ""])
        #expect(target("/api/users", map) == "/api/users")
        #expect(target("/api/users/3?a=b&c#top", map) == "/api/users/3?a=b&c#top")
        #expect(target("/files/a/b%2Fc/d?", map) == "/files/a/b%2Fc/d?")
        #expect(target("/files/", map) == nil)
        #expect(target("/files/a/", map) == "/files/a/")
        #expect(target("/api", map) == nil)
        #expect(target("/api/users/3/4", map) == nil)
    }

    @Test("a template is read backwards: segments, parts of them, and all that remains")
    func templates() throws {
        let map = try map([
            "api/weather/[city]": "path: /current/{city}",
            "docs/[name]": "path: /files/{name}.json",
            "pair/[a]/[b]": "path: /p/{a}-{b}",
            "all/[...rest]": "path: /tree/{rest...}",
            "maybe/[[...rest]]": "path: /opt/{rest...}",
            "fixed": "path: /some/where",
        ])
        #expect(target("/current/paris?units=metric", map) == "/api/weather/paris?units=metric")
        #expect(target("/current/s%C3%A3o%20paulo", map) == "/api/weather/s%C3%A3o%20paulo")
        #expect(target("/files/report.json#p2", map) == "/docs/report#p2")
        #expect(target("/files/.json", map) == nil)
        #expect(target("/files/report.xml", map) == nil)
        #expect(target("/p/x-y-z", map) == "/pair/x/y-z")
        #expect(target("/p/-y", map) == nil)
        #expect(target("/p/x-", map) == nil)
        #expect(target("/tree/a/b", map) == "/all/a/b")
        #expect(target("/tree", map) == nil)
        #expect(target("/opt", map) == "/maybe")
        #expect(target("/opt/a/b", map) == "/maybe/a/b")
        #expect(target("/some/where", map) == "/fixed")
        #expect(target("/api/weather/paris", map) == nil)
    }

    @Test("a parameter that stands twice must be the same twice; one that is lost leaves no way back")
    func parameters() throws {
        let map = try map([
            "twice/[a]": "path: /t/{a}/{a}", "lost/[a]/[b]": "path: /lost/{a}", "none/[[...rest]]": "path: /none",
            "middle/[...rest]": "path: /m/{rest...}/raw",
        ])
        #expect(target("/t/x/x", map) == "/twice/x")
        #expect(target("/t/x/y", map) == nil)
        #expect(target("/lost/x", map) == nil)
        #expect(target("/none", map) == "/none")
        #expect(target("/m/a/raw", map) == nil)
    }

    @Test("the most specific route is taken, and only one that the public path comes back to")
    func choice() throws {
        let specific = try map([
            "[...path]": "", "one/[id]": "path: /things/{id}", "dot/[id]": "path: /things/{id}.json",
            "zed": "path: /things/z",
        ])
        #expect(target("/things/z", specific) == "/zed")
        #expect(target("/things/a.json", specific) == "/dot/a")
        #expect(target("/things/a", specific) == "/one/a")
        #expect(target("/other/a", specific) == "/other/a")
        // `/one/x` is taken by another route, which leads elsewhere.
        let shadowed = try map(["one/[id]": "path: /things/{id}", "one/x": "path: /else"])
        #expect(target("/things/x", shadowed) == nil)
        #expect(target("/things/y", shadowed) == "/one/y")
    }

    @Test("the base path of a service belongs to its URLs alone")
    func basePath() throws {
        let map = try map(["api/[city]": "path: /current/{city}", "index": ""], basePath: "/v1")
        #expect(target("/v1/current/paris", map) == "/api/paris")
        #expect(target("/v1", map) == "/")
        #expect(target("/v1/?a", map) == "/?a")
        #expect(target("/v10/current/paris", map) == nil)
        #expect(target("/current/paris", map) == nil)
    }

    @Test("a parameter of the query that the route sets is left out, whoever wrote it; the others stay as they are")
    func query() throws {
        let map = try map(["api/[city]": "path: /current/{city}\nquery: {units: metric, appid: secret}"])
        #expect(target("/current/paris?appid=secret&lang=fr&Units=x#top", map) == "/api/paris?lang=fr#top")
        #expect(target("/current/paris?%61ppid=secret", map) == "/api/paris")
        #expect(target("/current/paris?lang=fr", map) == "/api/paris?lang=fr")
    }

    @Test("an empty path is /")
    func emptyPath() throws {
        let map = try map(["index": ""])
        #expect(target("", map) == "/")
        #expect(target("?a=b", map) == "/?a=b")
        #expect(target("#x", map) == "/#x")
    }

    @Test("one service's URLs are not another's")
    func services() throws {
        let map = try map(["a/[x]": "service: data", "b/[x]": "service: other"], services: ["data", "other"])
        #expect(target("/a/1", map, service: 0) == "/a/1")
        #expect(target("/a/1", map, service: 1) == nil)
        #expect(target("/b/1", map, service: 1) == "/b/1")
        #expect(target("/b/1", map, service: 2) == nil)
        #expect(isPublic("/b/1?q#x", map))
        #expect(!isPublic("/c/1", map))
    }

    @Test(
        "what could be read in two ways is not mapped",
        arguments: [
            "//evil/x", "/a//b", "/a/../b", "/a/%2e%2e/b", "/a\\b", "/a%5Cb", "/a;b", "/a%00", "/a b", "a/b", "*",
            "/a#\"x", "/a#b\\c", "/a?b\"c", "/%zz", "/a%2f%2e%2e%2fb",
        ])
    func ambiguous(_ text: String) throws {
        let map = try map(["[...path]": ""])
        #expect(target(text, map) == nil)
    }

    @Test("the folder that all of a service's routes stand below")
    func publicFolder() throws {
        func folder(_ routes: [String: String]) throws -> String {
            String(decoding: try map(routes).index.services[0].publicFolder, as: UTF8.self)
        }
        #expect(try folder(["api/weather/[city]": "", "api/weather/index": ""]) == "/api/weather")
        #expect(try folder(["api/a": "", "api/b": ""]) == "/api")
        #expect(try folder(["x": "", "y": ""]) == "")
    }

    @Test("whatever path a client asks for, its service's URL leads back to it or to one with the same meaning")
    func roundTrip() throws {
        let map = try map([
            "api/[a]/[b]": "path: /x/{b}/{a}", "api/fixed/[b]": "path: /x/{b}.html", "deep/[...p]": "path: /x/{p...}",
            "same/[[...p]]": "", "q/[a]": "path: /y/{a}_{a}",
        ])
        let tree = map.index.tree
        let words = ["fixed", "a", "b.html", "%2F", "x_x", "a-b", "%20", "ß%C3%9F", "1"].map {
            String(decoding: $0.utf8.filter { $0 < 128 }, as: UTF8.self)
        }
        var random = SystemRandomNumberGenerator()
        var mapped = 0
        for _ in 0..<3000 {
            let first = ["api", "deep", "same", "q"].randomElement(using: &random) ?? "api"
            let rest = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in words.randomElement(using: &random)
            }
            let text = "/" + ([first] + rest).joined(separator: "/")
            let path = try CanonicalPath(text.utf8)
            var captures = RouteCaptures()
            guard let match = tree.match(path, captures: &captures) else { continue }
            var upstream: [UInt8] = []
            tree[match].appendPath(for: path, captures, to: &upstream)
            guard let back = target(String(decoding: upstream, as: UTF8.self), map) else {
                // Only where a more specific route has the public path that was found.
                continue
            }
            mapped += 1
            let other = try CanonicalPath(back.utf8)
            let found = try #require(tree.match(other, captures: &captures))
            var again: [UInt8] = []
            tree[found].appendPath(for: other, captures, to: &again)
            #expect(again == upstream, "\(text) -> \(String(decoding: upstream, as: UTF8.self)) -> \(back)")
        }
        #expect(mapped > 500)
    }
}
