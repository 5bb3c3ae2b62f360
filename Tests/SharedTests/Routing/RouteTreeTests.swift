import Testing

@testable import Shared

@Suite("A route tree")
struct RouteTreeTests {
    static let sorted = [
        "/", "/apples/[ab]/[cd]/ef", "/blog/abc", "/blog/abc/post", "/blog/abc/[id]", "/blog/[id]",
        "/blog/[id]/comments/[cid]", "/foo/[d]/bar/baz/[f]", "/p/[...rest]", "/p1/[[...incl]]", "/p2/[id]",
        "/p2/[id]/abc", "/p2/[...rest]", "/p3/[id]", "/p3/[id]/abc", "/p3/[[...rest]]", "/posts", "/posts/[id]",
        "/[root-slug]", "/[...rest]",
    ]

    @Test("sorts its routes as Next.js does, whatever order they come in")
    func order() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            let tree = try RouteTree(Self.sorted.shuffled(using: &generator))
            #expect(tree.routes.map(\.pattern.description) == Self.sorted)
            #expect(tree.routes.map(\.source) == Self.sorted.map { "routes\($0).yaml" })
        }
    }

    @Test(
        "gives a path to the first route in match order that takes the whole of it",
        arguments: [
            ("/", "/"), ("/blog/abc", "/blog/abc"), ("/blog/abc/post", "/blog/abc/post"),
            ("/blog/abc/other", "/blog/abc/[id]"), ("/blog/x", "/blog/[id]"),
            ("/blog/x/comments/3", "/blog/[id]/comments/[cid]"), ("/apples/1/2/ef", "/apples/[ab]/[cd]/ef"),
            ("/p/1", "/p/[...rest]"), ("/p1", "/p1/[[...incl]]"), ("/p1/a/b", "/p1/[[...incl]]"),
            ("/p2/1", "/p2/[id]"), ("/p2/1/abc", "/p2/[id]/abc"), ("/p3", "/p3/[[...rest]]"),
            ("/p3/1", "/p3/[id]"), ("/posts", "/posts"), ("/posts/1", "/posts/[id]"), ("/other", "/[root-slug]"),
            ("/other/more", "/[...rest]"), ("/posts/", "/posts"), ("/Posts", "/[root-slug]"),
        ])
    func match(path: String, pattern: String) throws {
        #expect(try RouteTree(Self.sorted).match(path)?.pattern == pattern)
    }

    @Test(
        "goes on to the parameter, and to the catch-all above, when a static child leads nowhere",
        arguments: [
            ("/blog/abc/comments/3", "/blog/[id]/comments/[cid]"), ("/p2/1/other", "/p2/[...rest]"),
            ("/p3/1/other", "/p3/[[...rest]]"), ("/apples/1/2/other", "/[...rest]"), ("/apples", "/[root-slug]"),
            ("/p", "/[root-slug]"), ("/foo/1/bar", "/[...rest]"),
        ])
    func sibling(path: String, pattern: String) throws {
        #expect(try RouteTree(Self.sorted).match(path)?.pattern == pattern)
    }

    @Test("gives nothing for a path that no route takes", arguments: ["/", "/a", "/a/b/c", "/c", "/a/c"])
    func noMatch(path: String) throws {
        #expect(try RouteTree(["/a/b", "/c/[...rest]"]).match(path) == nil)
        #expect(try RouteTree([]).match(path) == nil)
    }

    @Test("captures decoded values: one for a parameter, all for a catch-all, none for an optional one without any")
    func captures() throws {
        let tree = try RouteTree(["/u/[id]/[...rest]", "/o/[[...all]]"])
        let match = try #require(try tree.match("/u/te%2Fst2/a%20b/c"))
        #expect(match.parameters["id"] == ["te/st2"])
        #expect(match.parameters["rest"] == ["a b", "c"])
        #expect(match.parameters["all"] == nil)
        #expect(try tree.match("/o/1/2")?.parameters["all"] == ["1", "2"])
        let empty = try #require(try tree.match("/o"))
        #expect(empty.parameters["all"] == nil)
    }

    @Test("empties the captures of an earlier match and names each parameter")
    func reusedCaptures() throws {
        let tree = try RouteTree(["/a/[x]/[y]", "/b/[...x]", "/c/[[...z]]"])
        var captures = RouteCaptures()
        #expect(tree.match(try CanonicalPath("/a/1/2"), captures: &captures) != nil)
        #expect(captures.entries.map { tree.parameterNames[$0.name] } == ["x", "y"])
        #expect(captures.entries.map(\.segments) == [1..<2, 2..<3])
        #expect(tree.match(try CanonicalPath("/c"), captures: &captures) != nil)
        #expect(captures.entries.map { tree.parameterNames[$0.name] } == ["z"])
        #expect(captures.entries.map(\.count) == [0])
        #expect(tree.match(try CanonicalPath("/none"), captures: &captures) == nil)
        #expect(captures.entries.isEmpty)
    }

    @Test("takes an index as its folder", arguments: ["/", "index", "/index"])
    func root(pattern: String) throws {
        let tree = try RouteTree([pattern])
        #expect(try tree.match("/")?.pattern == pattern)
        #expect(try tree.match("/index") == nil)
    }

    @Test("takes every path, the root too, by an optional catch-all at its root", arguments: ["/", "/a", "/a/b/"])
    func rootOptionalCatchAll(path: String) throws {
        #expect(try RouteTree(["/[[...all]]"]).match(path)?.pattern == "/[[...all]]")
    }

    @Test("does not strip an ending, nor take an encoded slash for a slash")
    func literal() throws {
        let tree = try RouteTree(["/a/b", "/a.json"])
        #expect(try tree.match("/a%2Fb") == nil)
        #expect(try tree.match("/a.json")?.pattern == "/a.json")
        #expect(try tree.match("/a/b.json") == nil)
        #expect(try tree.match("/%61/b")?.pattern == "/a/b")
    }

    @Test("compares static segments byte for byte: a composed and a decomposed letter are two segments")
    func unicode() throws {
        let tree = try RouteTree(["/\u{E9}", "/e\u{301}"])
        #expect(try tree.match("/%C3%A9")?.pattern.unicodeScalars.count == 2)
        #expect(try tree.match("/e%CC%81")?.pattern.unicodeScalars.count == 3)
    }
}
