import Testing

@testable import Shared

/// Each test is one way in which a path was read in two ways somewhere.
@Suite("A path is refused")
struct CanonicalPathRefusalTests {
    private func expect(_ error: PathError, _ target: String, _ location: SourceLocation = #_sourceLocation) {
        #expect(throws: error, "\(target)", sourceLocation: location) { try CanonicalPath(target) }
    }

    @Test("with an empty segment", arguments: ["//", "//a", "/a//b", "/a//", "//evil.example/x", "/%61//b"])
    func emptySegment(target: String) { expect(.emptySegment, target) }

    @Test("with a dot segment", arguments: ["/.", "/..", "/./a", "/a/../b", "/a/..", "/a/./", "/a/..?q", "/../../x"])
    func dotSegment(target: String) { expect(.dotSegment, target) }

    @Test(
        "with a dot segment in any encoding",
        arguments: ["/%2e", "/%2E", "/%2e%2e", "/.%2e", "/%2E.", "/a/%2e%2E/b", "/a/%2e/", "/%61/.%2e"])
    func encodedDotSegment(target: String) { expect(.dotSegment, target) }

    @Test(
        "with an encoded slash that makes a dot segment when it is split again",
        arguments: [
            "/a%2F..%2Fb", "/a%2f..", "/..%2Fb", "/.%2F", "/a%2f%2e%2e%2fb", "/%2F..", "/a%2F.", "/x/..%2f..%2f",
        ])
    func encodedSlashWithDots(target: String) { expect(.dotSegment, target) }

    @Test(
        "with a backslash, plain or encoded", arguments: ["/a\\b", "/\\evil.example", "/a%5cb", "/a%5C..%5Cb", "/..\\"])
    func backslash(target: String) { expect(.backslash, target) }

    @Test("with an encoded NUL", arguments: ["/%00", "/a%00.json", "/a/%00/b"])
    func encodedNul(target: String) { expect(.control, target) }

    @Test("with any control character, plain or encoded", arguments: Array(0..<0x20) + [0x7F])
    func control(byte: UInt8) {
        #expect(throws: PathError.control) { try CanonicalPath(Array("/a".utf8) + [byte] + Array("b".utf8)) }
        let digits = String(byte, radix: 16)
        expect(.control, "/a%" + (digits.count == 1 ? "0" : "") + digits)
    }

    @Test("with any byte outside ASCII", arguments: UInt8(0x80)...0xFF)
    func nonASCII(byte: UInt8) {
        #expect(throws: PathError.nonASCII) { try CanonicalPath(Array("/a".utf8) + [byte]) }
    }

    @Test("with a plain semicolon", arguments: ["/a;b", "/a/..;/b", "/;", "/a;jsessionid=1/b"])
    func semicolon(target: String) { expect(.semicolon, target) }

    @Test("with a fragment", arguments: ["/a#b", "/#", "/a?b#c", "/a?#"])
    func fragment(target: String) { expect(.fragment, target) }

    @Test(
        "with an escape that cannot be decoded",
        arguments: ["/%", "/a%", "/%2", "/%zz", "/%2g", "/%g2", "/%u002e", "/a%2/b", "/%%32%65", "/%+1", "/%2?"])
    func malformedEscape(target: String) { expect(.malformedEscape, target) }

    @Test(
        "with overlong UTF-8, which would hide a period or a slash",
        arguments: ["/%c0%ae%c0%ae", "/%c0%af", "/%e0%80%af", "/%f0%80%80%ae", "/%c1%9c", "/a%c0%80"])
    func overlong(target: String) { expect(.invalidUTF8, target) }

    @Test(
        "with escapes that are not UTF-8",
        arguments: ["/%ff", "/%80", "/%c3", "/%c3/%a9", "/%ed%a0%80", "/%f4%90%80%80", "/%e2%82", "/%c3%2F%a9"])
    func invalidUTF8(target: String) { expect(.invalidUTF8, target) }

    @Test(
        "with a character that RFC 3986 does not allow in a path",
        arguments: ["/a b", "/\"", "/<", "/>", "/[id]", "/a]", "/^", "/`", "/{", "/|", "/}"])
    func disallowed(target: String) { expect(.disallowedCharacter, target) }

    @Test(
        "that does not begin with a slash",
        arguments: ["", "a", "*", "?a", "http://a.example/", "a.example:80", "%2Fa"])
    func notOriginForm(target: String) { expect(.notOriginForm, target) }

    @Test("with a query that holds a control, a space or a character that needs an escape")
    func disallowedInQuery() {
        for byte in Array(UInt8(0)...0x20) + [0x7F] + Array("\"<>\\".utf8) {
            #expect(throws: PathError.disallowedInQuery) { try CanonicalPath(Array("/a?b".utf8) + [byte]) }
        }
        for byte in UInt8(0x80)...0xFF {
            #expect(throws: PathError.nonASCII) { try CanonicalPath(Array("/a?b".utf8) + [byte]) }
        }
    }

    @Test("with an escape in the query that cannot be decoded", arguments: ["/?%", "/?a=%2", "/?%zz=1", "/?100%&b=1"])
    func malformedEscapeInQuery(target: String) { expect(.malformedEscapeInQuery, target) }

    @Test("with words that name the reason and nothing else")
    func reasons() {
        let reasons = Set(PathError.allCases.map { "\($0.reason)" })
        #expect(reasons.count == PathError.allCases.count)
    }
}
