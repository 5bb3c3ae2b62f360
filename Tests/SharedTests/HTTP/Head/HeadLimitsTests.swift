import Testing

@testable import Shared

@Suite("HeadLimits: exactly at the bound, and one over it")
struct HeadLimitsTests {
    private func limits(_ change: (inout HeadLimits) -> Void) -> HeadLimits {
        var limits = HeadLimits()
        change(&limits)
        return limits
    }

    @Test("the request line")
    func startLine() {
        let head = "GET /" + String(repeating: "a", count: 100) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        let length = 5 + 100 + 9
        #expect(parseRequest(head, limits: limits { $0.startLine = length }).head != nil)
        #expect(parseRequest(head, limits: limits { $0.startLine = length - 1 }).fault == .targetTooLong)
        #expect(MessageFault.targetTooLong.status == 414)
    }

    @Test("a request line that does not end is refused at its bound, not kept")
    func endlessStartLine() {
        let endless = [UInt8](repeating: 97, count: 50)
        #expect(parseRequest(endless, limits: limits { $0.startLine = 49 }) == .incomplete)
        #expect(parseRequest(endless, limits: limits { $0.startLine = 48 }).fault == .targetTooLong)
    }

    @Test("a field line")
    func fieldLine() {
        let line = "X: " + String(repeating: "a", count: 100)
        #expect(parseRequest(getWithHost(line), limits: limits { $0.fieldLine = 103 }).head != nil)
        let over = parseRequest(getWithHost(line), limits: limits { $0.fieldLine = 102 })
        #expect(over.fault == .lineTooLong)
        #expect(over.fault?.status == 431)
        #expect(parseRequest("GET / HTTP/1.1\r\n" + line, limits: limits { $0.fieldLine = 101 }).fault == .lineTooLong)
    }

    @Test("the number of fields")
    func fields() {
        let lines = (0..<9).map { "X\($0): a\r\n" }.joined()
        let head = "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
        #expect(parseRequest(head, limits: limits { $0.fields = 10 }).head?.fields.count == 10)
        #expect(parseRequest(head, limits: limits { $0.fields = 9 }).fault == .tooManyFields)
        #expect(MessageFault.tooManyFields.status == 431)
    }

    @Test("the whole head, complete or not")
    func head() {
        let head = getWithHost("X: " + String(repeating: "a", count: 100))
        let length = head.utf8.count
        #expect(parseRequest(head, limits: limits { $0.head = length }).head != nil)
        #expect(parseRequest(head + "body", limits: limits { $0.head = length }).head != nil)
        #expect(parseRequest(head, limits: limits { $0.head = length - 1 }).fault == .headTooLong)
        let incomplete = String(head.dropLast(1))
        #expect(parseRequest(incomplete, limits: limits { $0.head = length }) == .incomplete)
        #expect(parseRequest(incomplete, limits: limits { $0.head = length - 2 }).fault == .headTooLong)
        #expect(MessageFault.headTooLong.status == 431)
    }

    @Test("bounds hold for responses too")
    func responses() {
        let reason = "HTTP/1.1 200 " + String(repeating: "a", count: 100) + "\r\n\r\n"
        #expect(parseResponse(reason, limits: limits { $0.startLine = 113 }).head?.reason.utf8.count == 100)
        #expect(parseResponse(reason, limits: limits { $0.startLine = 112 }).fault != nil)
    }
}
