import Testing

@testable import Shared

@Suite("HeadParser: responses")
struct ResponseHeadTests {
    @Test("status, reason and fields are read; a reason may be empty or missing")
    func statusLine() {
        #expect(parseResponse("HTTP/1.1 404 Not Found\r\n\r\n").head?.reason == "Not Found")
        #expect(parseResponse("HTTP/1.1 404 Not Found\r\n\r\n").head?.status == 404)
        #expect(parseResponse("HTTP/1.1 200 \r\n\r\n").head?.reason == "")
        #expect(parseResponse("HTTP/1.1 200\r\n\r\n").head?.reason == "")
        #expect(parseResponse("HTTP/1.0 200 OK\r\n\r\n").head?.allowsKeepAlive == false)
    }

    @Test(
        "a malformed status line is refused",
        arguments: [
            "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK",
            "HTTP/1.1 099 x",
            "HTTP/1.1 600 x", "HTTP/1.1 +20 x", "HTTP/1.1 2x0 x", "http/1.1 200 OK", "HTTP/2.0 200 OK",
            "HTTP/1.2 200 OK", "ICY 200 OK", "200 OK",
            "", "HTTP/1.1 200 O\u{0}K", "HTTP/1.1 200 O\rK", "HTTP/1.1200 OK", "HTTP/1.1 200OK",
        ])
    func malformed(_ line: String) {
        let fault = parseResponse("\(line)\r\n\r\n").fault
        #expect(fault == .statusLine || fault == .version)
    }

    @Test(
        "an ambiguous response is refused",
        arguments: [
            "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5, 5", "Content-Length: -1",
            "Content-Length: +5", "Content-Length:", "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: identity", "X: a\r\n folded", "X : a", ": a", "X", "X: a\rb", "X: a\u{0}", "X: a\nY: b",
        ])
    func ambiguous(_ lines: String) {
        #expect(parseResponse("HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n").fault != nil)
    }

    @Test("Transfer-Encoding before HTTP/1.1 is refused")
    func chunkedBefore11() {
        #expect(parseResponse("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").fault == .transferEncoding)
    }

    @Test("what only a request must not say does not matter in a response")
    func requestRules() {
        #expect(
            parseResponse(
                "HTTP/1.1 200 OK\r\nHost: a b\r\nHost: c\r\nExpect: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"
            ).head != nil)
    }
}
