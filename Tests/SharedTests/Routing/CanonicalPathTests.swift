import Testing

@testable import Shared

@Suite("A canonical path")
struct CanonicalPathTests {
    @Test("is split on slashes first and percent-decoded after, so that te%2Fst2 is one value")
    func splitsBeforeItDecodes() throws {
        let path = try CanonicalPath("/api/te%2Fst2/x")
        #expect(path.strings == ["api", "te/st2", "x"])
        #expect(path.hasEncodedSlash)
        #expect(path.canonicalText == "/api/te%2Fst2/x")
    }

    @Test("of a lone slash has no segments and no trailing slash")
    func root() throws {
        let path = try CanonicalPath("/")
        #expect(path.segmentCount == 0)
        #expect(!path.hasTrailingSlash)
        #expect(path.canonicalText == "/")
    }

    @Test(
        "with a trailing slash says so, keeps it, and has the same segments as without", arguments: ["/a/b", "/a/%62"])
    func trailingSlash(target: String) throws {
        let path = try CanonicalPath(target + "/")
        #expect(path.hasTrailingSlash)
        #expect(path.strings == ["a", "b"])
        #expect(path.canonicalText == "/a/b/")
        #expect(try !CanonicalPath(target).hasTrailingSlash)
    }

    @Test("without an escape is forwarded byte for byte")
    func plainIsUntouched() throws {
        let target = "/Az09-._~/!$&'()*+,=:@/..."
        let path = try CanonicalPath(target)
        #expect(path.canonicalText == target)
        #expect(!path.hasEncodedSlash)
    }

    @Test(
        "with escapes is forwarded in one canonical encoding",
        arguments: [
            ("/%61%2d%7e", "/a-~"), ("/%2f", "/%2F"), ("/a%20b", "/a%20b"), ("/%c3%a9", "/%C3%A9"),
            ("/%40%3A%21", "/@:!"), ("/%3b%3f%23%25", "/%3B%3F%23%25"), ("/%5b%7c%22", "/%5B%7C%22"),
            ("/plain/%41/", "/plain/A/"),
        ])
    func reencoding(target: String, canonical: String) throws {
        #expect(try CanonicalPath(target).canonicalText == canonical)
    }

    @Test("that is doubly encoded is the value of one decoding, and is forwarded doubly encoded")
    func doubleEncoding() throws {
        let path = try CanonicalPath("/a/%252e%252e%252f/b")
        #expect(path.strings == ["a", "%2e%2e%2f", "b"])
        #expect(path.canonicalText == "/a/%252e%252e%252f/b")
        #expect(!path.hasEncodedSlash)
    }

    @Test("gives each segment's place in the forwarded bytes", arguments: ["/ab/c%2fd/e", "/ab/c+d/e/"])
    func encodedSegments(target: String) throws {
        let path = try CanonicalPath(target)
        let pieces = (0..<path.segmentCount).map { path.canonical[path.encodedSegment($0)] }
        #expect(pieces == path.canonical.split(separator: UInt8(ascii: "/")))
    }

    @Test("ends at the question mark, and says where the query is")
    func query() throws {
        let target = "/a%20b?x=%2F&y=/?:@[]{}|^`"
        let path = try CanonicalPath(target)
        let range = try #require(path.query)
        #expect(String(decoding: Array(target.utf8)[range], as: UTF8.self) == "x=%2F&y=/?:@[]{}|^`")
        #expect(path.strings == ["a b"])
        #expect(try CanonicalPath("/a").query == nil)
        #expect(try CanonicalPath("/a?").query == 3..<3)
        #expect(try CanonicalPath("/?a").query == 2..<3)
        #expect(try CanonicalPath("/a/?b").hasTrailingSlash)
    }

    @Test("takes as many segments as the limit, and not one more")
    func segmentLimit() throws {
        let most = String(repeating: "/a", count: CanonicalPath.segmentLimit)
        #expect(try CanonicalPath(most).segmentCount == CanonicalPath.segmentLimit)
        #expect(try CanonicalPath(most + "/").segmentCount == CanonicalPath.segmentLimit)
        #expect(throws: PathError.tooManySegments) { try CanonicalPath(most + "/a") }
    }

    @Test("parsed into again holds nothing of the path before and keeps its storage")
    func reuse() throws {
        var path = try CanonicalPath("/long/segments/with/%2Fescapes/in/them/?and=query")
        let capacities = [path.canonical.capacity, path.decoded.capacity, path.segments.capacity]
        try path.parse(unsafe Array("/%61".utf8).span.bytes)
        #expect(path.strings == ["a"])
        #expect(path.query == nil)
        #expect(!path.hasTrailingSlash && !path.hasEncodedSlash)
        #expect([path.canonical.capacity, path.decoded.capacity, path.segments.capacity] == capacities)
        try path.parse(unsafe Array("/b".utf8).span.bytes)
        #expect(path.strings == ["b"])
    }

    @Test("is empty after an error", arguments: ["/good/then/..", "/good/%zz", "/good?bad query"])
    func emptyAfterError(target: String) throws {
        var path = try CanonicalPath("/before")
        #expect(throws: PathError.self) { try path.parse(unsafe Array(target.utf8).span.bytes) }
        #expect(path.canonical.isEmpty)
        #expect(path.segmentCount == 0)
        #expect(path.query == nil)
    }
}
