import Testing

@testable import Shared

/// One test a row of the faults that were published in other gateways (request smuggling, spoofing, splitting).
@Suite("HeadParser: what could be read in two ways is refused")
struct HeadParserAmbiguityTests {
    @Test("Content-Length with Transfer-Encoding, in either order")
    func bothFramings() {
        #expect(parseRequest(getWithHost("Content-Length: 5", "Transfer-Encoding: chunked")).fault == .framing)
        #expect(parseRequest(getWithHost("Transfer-Encoding: chunked", "Content-Length: 0")).fault == .framing)
    }

    @Test(
        "variants of Transfer-Encoding",
        arguments: [
            "", "chunked, chunked", "chunked,", ", chunked", "gzip", "gzip, chunked", "chunked, identity", "identity",
            "xchunked", "chunke",
            "chunked;x", "\"chunked\"", "chunked x", "x chunked", "'chunked'",
        ])
    func transferEncoding(_ value: String) {
        #expect(parseRequest(getWithHost("Transfer-Encoding: \(value)")).fault == .transferEncoding)
    }

    @Test(
        "control bytes around chunked",
        arguments: ["\u{b}chunked", "chunked\u{c}", "\u{0}chunked", "chun\rked", "chunked\u{7f}"])
    func transferEncodingControl(_ value: String) {
        #expect(parseRequest(getWithHost("Transfer-Encoding: \(value)")).fault == .fieldValue)
    }

    @Test("Transfer-Encoding twice; in HTTP/1.0; with blanks before the colon; under a name that only looks alike")
    func transferEncodingPlaces() {
        #expect(
            parseRequest(getWithHost("Transfer-Encoding: chunked", "transfer-encoding: chunked")).fault
                == .transferEncoding)
        #expect(parseRequest(get("Transfer-Encoding: chunked", version: "1.0")).fault == .transferEncoding)
        #expect(parseRequest(getWithHost("Transfer-Encoding : chunked")).fault == .fieldName)
        #expect(parseRequest(getWithHost("Transfer-Encoding\t: chunked")).fault == .fieldName)
        let underscored = parseRequest(getWithHost("Transfer_Encoding: chunked")).head
        #expect(underscored?.isChunked == false)
        #expect(underscored?.fields.last?.kind == .underscored)
    }

    @Test(
        "a tab beside a framing value is refused: parsers differ over it",
        arguments: ["Transfer-Encoding: chunked\t", "Transfer-Encoding:\tchunked", "Content-Length: 5\t"])
    func tabs(_ line: String) {
        #expect(parseRequest(getWithHost(line)).fault?.status == 400)
    }

    @Test("the plain forms of framing are read, letters in any case")
    func plainFraming() {
        #expect(parseRequest(getWithHost("TRANSFER-encoding:  ChunKed ")).head?.isChunked == true)
        #expect(parseRequest(getWithHost("content-LENGTH:5")).head?.contentLength == 5)
        #expect(parseRequest(getWithHost("Content-Length: 000000000000000007")).head?.contentLength == 7)
        #expect(
            parseRequest(getWithHost("Content-Length: 999999999999999999")).head?.contentLength
                == 999_999_999_999_999_999)
    }

    @Test(
        "Content-Length with signs, lists, spaces, other digits, too many",
        arguments: [
            "", "+5", "-5", "5,5", "5, 5", "5 5", "0x5", "5_0", "5.0", "1e3", "\u{665}", "five", "5;", "\"5\"",
            "1000000000000000000", "9223372036854775808", "18446744073709551617",
        ])
    func contentLength(_ value: String) {
        #expect(parseRequest(getWithHost("Content-Length: \(value)")).fault == .contentLength)
    }

    @Test("Content-Length twice, the same or not")
    func contentLengthTwice() {
        #expect(parseRequest(getWithHost("Content-Length: 5", "Content-Length: 5")).fault == .contentLength)
        #expect(parseRequest(getWithHost("Content-Length: 5", "Content-Length: 6")).fault == .contentLength)
    }

    @Test("folded field lines (obs-fold)", arguments: [" folded", "\tfolded", " "])
    func folding(_ line: String) {
        #expect(parseRequest(getWithHost("X: a", line)).fault == .folding)
        #expect(parseRequest("GET / HTTP/1.1\r\n\(line)\r\nHost: a\r\n\r\n").fault == .folding)
    }

    @Test("a bare LF, as the end of any line")
    func bareLineFeed() {
        #expect(parseRequest("GET / HTTP/1.1\nHost: a\r\n\r\n").fault == .lineEnding)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\n\r\n").fault == .lineEnding)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\n").fault == .lineEnding)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\nX: y\r\n\r\n").fault == .lineEnding)
        #expect(parseRequest("\n").fault == .lineEnding)
    }

    @Test("a bare CR, in a name, a value, at a line's end, before an empty line")
    func bareCarriageReturn() {
        #expect(parseRequest(getWithHost("X\rY: a")).fault == .fieldName)
        #expect(parseRequest(getWithHost("X: a\rY: b")).fault == .fieldValue)
        #expect(parseRequest(getWithHost("X: a\r")).fault == .fieldValue)
        #expect(parseRequest(getWithHost("\r")).fault == .fieldName)
    }

    @Test("NUL and other control bytes in a value, wherever they stand")
    func control() {
        for byte in Array(0..<32) + [127] as [UInt8] where byte != 9 && byte != 10 {
            for place in 0..<20 {
                var value = [UInt8](repeating: 97, count: 20)
                value[place] = byte
                let head = Array("GET / HTTP/1.1\r\nHost: a\r\nX:".utf8) + value + [13, 10, 13, 10]
                #expect(parseRequest(head).fault == .fieldValue, "byte \(byte) at \(place)")
            }
        }
    }

    @Test("bytes above ASCII are a value's own matter")
    func opaqueBytes() {
        let head = Array("GET / HTTP/1.1\r\nHost: a\r\nX:".utf8) + Array(128...255) + [9, 13, 10, 13, 10]
        #expect(parseRequest(head).head?.fields.count == 2)
    }

    @Test("field names: empty, with blanks before the colon, without a colon, with other bytes, too long")
    func fieldNames() {
        for line in [
            ":", ": a", "X : a", "X\t: a", "X", "X Y: a", "X\u{0}: a", "X(: a", "\u{e4}: a", "\"X\": a", "X/Y: a",
            "X@: a",
            String(repeating: "x", count: 256) + ": a",
        ] {
            #expect(parseRequest(getWithHost(line)).fault == .fieldName, "\(line)")
        }
        #expect(parseRequest(getWithHost(String(repeating: "x", count: 255) + ": a")).head != nil)
        #expect(parseRequest(getWithHost("!#$%&'*+-.^_`|~09azAZ: a")).head != nil)
    }

    @Test("Authorization twice")
    func authorizationTwice() {
        #expect(parseRequest(getWithHost("Authorization: a", "authorization: a")).fault == .duplicate)
    }

    @Test("an expectation that nobody knows is refused by its own status")
    func expectation() {
        #expect(parseRequest(getWithHost("Expect: 200-maybe")).fault?.status == 417)
        #expect(parseRequest(getWithHost("Expect: 100-continue", "Expect: 100-continue")).fault == .expectation)
        #expect(parseRequest(getWithHost("Expect: 100-Continue")).head?.expectsContinue == true)
        #expect(parseRequest(get("Expect: 100-continue", version: "1.0")).head?.expectsContinue == false)
    }
}
