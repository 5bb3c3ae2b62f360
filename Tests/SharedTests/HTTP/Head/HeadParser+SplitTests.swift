import Testing

@testable import Shared

@Suite("HeadParser: a head in pieces is the head in one piece")
struct HeadParserSplitTests {
    static let requestHeads = [
        "POST /api/users?x=1 HTTP/1.1\r\nHost: a.example:80\r\nX-Empty:\r\nConnection: x-b\r\nX-B: \t v \t\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.0\r\n\r\nrest",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nX: a\rb\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nX: y\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ]
    static let responseHeads = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello", "HTTP/1.0 204\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 999 OK\r\n\r\n",
        "HTTP/1.1 200 OK\n\r\n",
    ]

    @Test("requests, at every split point and byte by byte", arguments: requestHeads)
    func requests(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = parseRequest(bytes)
        #expect(whole != .incomplete)
        for split in 0..<bytes.count {
            let head = RequestHead()
            let first = parseRequest(Array(bytes[..<split]), into: head)
            if first == .incomplete {
                #expect(parseRequest(bytes, into: head) == whole, "split at \(split)")
            } else {
                #expect(first == whole, "split at \(split)")
            }
        }
        let head = RequestHead()
        var outcome = HeadOutcome<ParsedRequest>.incomplete
        for count in 0...bytes.count where outcome == .incomplete {
            outcome = parseRequest(Array(bytes[..<count]), into: head)
        }
        #expect(outcome == whole)
    }

    @Test("responses, at every split point", arguments: responseHeads)
    func responses(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = parseResponse(bytes)
        #expect(whole != .incomplete)
        for split in 0..<bytes.count {
            let head = ResponseHead()
            let first = parseResponse(Array(bytes[..<split]), into: head)
            if first == .incomplete {
                #expect(parseResponse(bytes, into: head) == whole, "split at \(split)")
            } else {
                #expect(first == whole, "split at \(split)")
            }
        }
    }

    @Test("bounds refuse and allow the same heads, however they arrive")
    func bounds() {
        let bytes = Array(getWithHost("X: 0123456789").utf8)
        for bound in 1...bytes.count {
            var startLine = HeadLimits()
            startLine.startLine = bound
            var fieldLine = HeadLimits()
            fieldLine.fieldLine = bound
            var head = HeadLimits()
            head.head = bound
            for limits in [startLine, fieldLine, head] {
                let whole = parseRequest(bytes, limits: limits)
                let pieces = RequestHead()
                var outcome = HeadOutcome<ParsedRequest>.incomplete
                for count in 0...bytes.count where outcome == .incomplete {
                    outcome = parseRequest(Array(bytes[..<count]), limits: limits, into: pieces)
                }
                #expect(outcome == whole, "bound \(bound)")
            }
        }
    }

    @Test(
        "a head that comes byte by byte is not read again for each byte: it goes on at the line that was not complete")
    func goesOn() throws {
        let bytes = Array(getWithHost("X: a", "Y: b").utf8)
        let head = RequestHead()
        var fed: [UInt8] = []
        var lines = -1
        for byte in bytes.dropLast() {
            fed.append(byte)
            if byte == 10 { lines += 1 }
            #expect(try HeadParser.parse(unsafe fed.span.bytes, limits: HeadLimits(), into: head) == nil)
            #expect(head.fields.searched == fed.count)
            #expect(head.fields.lines.count == max(0, lines))
            #expect(
                head.fields.nextLine == fed.count
                    - (fed.split(separator: 10, omittingEmptySubsequences: false).last ?? []).count)
        }
        #expect(parseRequest(bytes, into: head) == parseRequest(bytes))
    }
}
