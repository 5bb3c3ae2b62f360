import Shared
import Testing

@Suite("A route pattern")
struct RoutePatternTests {
    @Test("reads static segments, parameters and catch-alls")
    func segments() throws {
        #expect(try RoutePattern("/").segments == [])
        #expect(try RoutePattern("/api/users/[id]").segments == [.fixed("api"), .fixed("users"), .parameter("id")])
        #expect(try RoutePattern("/a/[...rest]").segments == [.fixed("a"), .catchAll("rest")])
        #expect(try RoutePattern("/a/[[...rest]]").segments == [.fixed("a"), .optionalCatchAll("rest")])
        #expect(try RoutePattern("/[root-slug]/[b]").parameterNames == ["root-slug", "b"])
    }

    @Test(
        "has one spelling: a leading slash, and no index at its end",
        arguments: [
            ("/", "/"), ("index", "/"), ("/index", "/"), ("x", "/x"), ("/x", "/x"), ("x/index", "/x"),
            ("/[id]/index", "/[id]"), ("/index/x", "/index/x"), ("/x/index/index", "/x/index"),
            ("/api/[...path]", "/api/[...path]"), ("[[...x]]", "/[[...x]]"), ("/a.json", "/a.json"),
        ])
    func description(text: String, description: String) throws {
        #expect(try RoutePattern(text).description == description)
    }

    private func expect(
        _ reason: RoutePatternError.Reason, _ text: String, _ location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: RoutePatternError.self, "\(text)", sourceLocation: location) {
            try RoutePattern(text)
        }
        #expect(error?.reason == reason, sourceLocation: location)
        #expect(error?.description.contains("`\(text)`") == true, "names the pattern", sourceLocation: location)
    }

    @Test("with a name twice is refused")
    func repeatedName() {
        expect(.repeatedName("id"), "/a/[id]/b/[id]")
        expect(.repeatedName("id"), "/[id]/[...id]")
        expect(.repeatedName("id"), "/[id]/[[...id]]")
    }

    @Test("with a catch-all that is not last is refused")
    func catchAllNotLast() {
        expect(.catchAllNotLast(segment: "[...a]"), "/[...a]/b")
        expect(.catchAllNotLast(segment: "[[...a]]"), "/x/[[...a]]/[b]")
    }

    @Test("with a catch-all that only index follows is the catch-all")
    func catchAllWithIndex() throws {
        #expect(try RoutePattern("/x/[...a]/index").description == "/x/[...a]")
    }

    @Test("with an optional parameter is refused", arguments: ["[[name]]", "[[a.b]]"])
    func optionalParameter(segment: String) { expect(.optionalParameter(segment: segment), "/x/\(segment)") }

    @Test("with an empty name is refused", arguments: ["[]", "[...]", "[[...]]", "[[]]"])
    func emptyName(segment: String) { expect(.emptyName(segment: segment), "/x/\(segment)") }

    @Test(
        "with a name that begins with a period is refused",
        arguments: ["[.a]", "[..a]", "[....a]", "[[....a]]", "[.]", "[..]", "[[.a]]"])
    func nameBeginsWithPeriod(segment: String) { expect(.nameBeginsWithPeriod(segment: segment), "/x/\(segment)") }

    @Test("with the ellipsis character is refused", arguments: ["[…a]", "[[…a]]"])
    func ellipsis(segment: String) { expect(.ellipsis(segment: segment), "/x/\(segment)") }

    @Test(
        "with a bracket that does not enclose a whole segment is refused",
        arguments: ["a[id]", "[id].json", "[a]-[b]", "[id", "id]", "[", "]", "[[[a]]]", "[...[a]]", "[id]\u{301}"])
    func strayBracket(segment: String) { expect(.strayBracket(segment: segment), "/x/\(segment)") }

    @Test("with an empty segment is refused", arguments: ["", "//", "/a/", "/a//b", "//a", "/a/index/"])
    func emptySegment(text: String) { expect(.emptySegment, text) }

    @Test("that no request can match is refused")
    func unreachable() {
        expect(.dotSegment, "/a/../b")
        expect(.dotSegment, "/.")
        expect(.unreachable(segment: "b\\c"), "/a/b\\c")
        expect(.unreachable(segment: "b\u{7}"), "/a/b\u{7}")
        expect(.tooManySegments, String(repeating: "/a", count: CanonicalPath.segmentLimit + 1))
    }
}
