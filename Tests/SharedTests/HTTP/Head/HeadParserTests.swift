import Testing

@testable import Shared

@Suite("HeadParser: requests")
struct HeadParserTests {
    @Test("a head is an index over the bytes that arrived")
    func index() {
        let text =
            "POST /api/users?x=1 HTTP/1.1\r\nHost: a.example:80\r\nX-Empty:\r\nX-Blank: \t v \t\r\nContent-Length: 5\r\n\r\nhello"
        let outcome = parseRequest(text)
        #expect(
            outcome
                == .complete(
                    ParsedRequest(
                        method: .post, methodText: "POST", target: "/api/users?x=1", minorVersion: 1,
                        fields: [
                            ParsedField(name: "Host", value: "a.example:80", kind: .host),
                            ParsedField(name: "X-Empty", value: "", kind: .other),
                            ParsedField(name: "X-Blank", value: "v", kind: .other),
                            ParsedField(name: "Content-Length", value: "5", kind: .contentLength),
                        ], contentLength: 5, isChunked: false, expectsContinue: false, allowsKeepAlive: true),
                    length: text.utf8.count - 5))
    }

    @Test("methods are known by their exact letters", arguments: Method.allCases)
    func methods(_ method: Method) {
        let name = method == .other ? "PROPFIND" : method.name
        let target = method == .connect ? "a.example:443" : "/"
        let head = parseRequest("\(name) \(target) HTTP/1.1\r\nHost: a\r\n\r\n").head
        #expect(head?.method == method)
        #expect(head?.methodText == name)
        #expect(parseRequest("\(name.lowercased()) / HTTP/1.1\r\nHost: a\r\n\r\n").head?.method == .other)
    }

    @Test(
        "targets are passed as they are, in every form",
        arguments: [
            "/", "/a//b/../c;d?e", "*", "http://other.example/path?q", "HTTPS://[::1]:8443", "/%00%2e%2F\\",
            "/~{}|^`\"<>", "//evil.example/",
        ])
    func targets(_ target: String) {
        #expect(parseRequest("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n").head?.target == target)
    }

    @Test(
        "a target of no known form, or with a fragment, is refused",
        arguments: [
            "a", "?", "/a#b", "**", "http:/a", "http://", "http://a.example b/", "http://user@a.example/",
            "ftp://a.example/",
            "a.example:443",
        ])
    func unknownTarget(_ target: String) {
        #expect(parseRequest("OPTIONS \(target) HTTP/1.1\r\nHost: a\r\n\r\n").fault?.status == 400)
    }

    @Test("the asterisk is for OPTIONS alone, and CONNECT names an authority")
    func formsOfMethods() {
        #expect(parseRequest("GET * HTTP/1.1\r\nHost: a\r\n\r\n").fault == .target)
        #expect(parseRequest("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n").fault == .target)
    }

    @Test(
        "a malformed request line is refused",
        arguments: [
            "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET\t/ HTTP/1.1",
            "GET /\tHTTP/1.1",
            "GET / /x HTTP/1.1", "GET /", "GET", "", "GET HTTP/1.1", "GET  HTTP/1.1", "/ HTTP/1.1", "G@T / HTTP/1.1",
            "GET / http/1.1", "GET / HTTP/1,1", "GET / HTTP/11", "GET / HTTP/1.1.1", "GET / HTTP/x.1",
            "GET /\u{e4} HTTP/1.1",
            "GET /\u{7f} HTTP/1.1", "GET /\r HTTP/1.1", "GET /\u{0} HTTP/1.1", "GET:/ HTTP/1.1",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1", "GET / HTTPS/1.1", "GET / HTTP/1.1\r",
        ])
    func requestLine(_ line: String) {
        #expect(parseRequest("\(line)\r\nHost: a\r\n\r\n").fault?.status == 400)
    }

    @Test(
        "versions other than 1.0 and 1.1 are not served",
        arguments: ["HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"])
    func versions(_ version: String) {
        #expect(parseRequest("GET / \(version)\r\nHost: a\r\n\r\n").fault == .version)
        #expect(MessageFault.version.status == 505)
    }

    @Test("the preface of HTTP/2 is no request")
    func http2Preface() {
        #expect(parseRequest("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").fault == .version)
    }

    @Test("HTTP/1.0 needs no Host, and closes unless it asks to stay")
    func http10() {
        #expect(parseRequest("GET / HTTP/1.0\r\n\r\n").head?.allowsKeepAlive == false)
        #expect(parseRequest("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head?.allowsKeepAlive == true)
        #expect(parseRequest("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").head?.allowsKeepAlive == false)
    }

    @Test(
        "a head that is not complete is no fault",
        arguments: ["", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r", getWithHost().dropLast().description])
    func incomplete(_ text: String) {
        #expect(parseRequest(text) == .incomplete)
    }

    @Test("a head object is used again without a trace of what it held")
    func reuse() {
        let head = RequestHead()
        let long = Array(
            "POST /x HTTP/1.0\r\nHost: a\r\nConnection: close, upgrade\r\nUpgrade: x\r\nExpect: 100-continue\r\nAuthorization: b\r\nContent-Length: 7\r\n\r\n"
                .utf8)
        #expect(parseRequest(long, into: head).head != nil)
        let short = Array(getWithHost().utf8)
        #expect(parseRequest(short, into: head) == parseRequest(short))
        #expect(head.fields.authorization == -1 && head.fields.connection == -1 && head.fields.upgrade == -1)
        #expect(!head.fields.wantsClose && !head.fields.wantsUpgrade)
        // Also after one that was refused half-way.
        #expect(parseRequest(Array(getWithHost("Content-Length: 5", "bad line").utf8), into: head).fault == .fieldName)
        #expect(parseRequest(short, into: head) == parseRequest(short))
    }

    @Test("lines keep their order, and runs of them their bytes")
    func runs() throws {
        let bytes = Array(getWithHost("B: 1", "C: 2").utf8)
        let head = RequestHead()
        _ = try HeadParser.parse(unsafe bytes.span.bytes, limits: HeadLimits(), into: head)
        #expect(String(decoding: bytes[head.fields.run(1, 3)], as: UTF8.self) == "B: 1\r\nC: 2\r\n")
        #expect(String(decoding: bytes[head.fields.run(0, 1)], as: UTF8.self) == "Host: a\r\n")
    }
}
