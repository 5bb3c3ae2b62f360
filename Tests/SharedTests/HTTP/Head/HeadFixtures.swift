import Testing

@testable import Shared

extension BodyReader {
    mutating func next(_ bytes: [UInt8]) throws(MessageFault) -> Step { try next(unsafe bytes.span.bytes) }
}

/// What the parser made of some bytes, in a form that can be compared and read.
enum HeadOutcome<Head: Equatable>: Equatable {
    case complete(Head, length: Int)
    case incomplete
    case refused(MessageFault)

    var fault: MessageFault? {
        if case .refused(let fault) = self { fault } else { nil }
    }
    var head: Head? {
        if case .complete(let head, _) = self { head } else { nil }
    }
}

struct ParsedField: Equatable {
    var name: String
    var value: String
    var kind: FieldName
    var isForThisHop = false
}

struct ParsedRequest: Equatable {
    var method: Method
    var methodText: String
    var target: String
    var minorVersion: Int
    var fields: [ParsedField]
    var contentLength: Int
    var isChunked: Bool
    var expectsContinue: Bool
    var allowsKeepAlive: Bool
}

struct ParsedResponse: Equatable {
    var status: Int
    var reason: String
    var minorVersion: Int
    var fields: [ParsedField]
    var contentLength: Int
    var isChunked: Bool
    var allowsKeepAlive: Bool
}

private func text(_ bytes: [UInt8], _ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

private func fields(_ bytes: [UInt8], _ index: FieldIndex) -> [ParsedField] {
    index.lines.map { line in
        ParsedField(
            name: text(bytes, line.nameRange), value: text(bytes, line.valueRange), kind: line.name,
            isForThisHop: line.isForThisHop)
    }
}

func parseRequest(
    _ bytes: [UInt8], limits: HeadLimits = HeadLimits(), into head: RequestHead = RequestHead()
) -> HeadOutcome<ParsedRequest> {
    do throws(MessageFault) {
        guard let length = try HeadParser.parse(unsafe bytes.span.bytes, limits: limits, into: head) else {
            return .incomplete
        }
        return .complete(
            ParsedRequest(
                method: head.method, methodText: text(bytes, head.methodRange), target: text(bytes, head.targetRange),
                minorVersion: head.minorVersion, fields: fields(bytes, head.fields),
                contentLength: head.fields.contentLength, isChunked: head.fields.isChunked,
                expectsContinue: head.fields.expectsContinue, allowsKeepAlive: head.allowsKeepAlive),
            length: length)
    } catch {
        return .refused(error)
    }
}

func parseRequest(_ text: String, limits: HeadLimits = HeadLimits()) -> HeadOutcome<ParsedRequest> {
    parseRequest(Array(text.utf8), limits: limits)
}

func parseResponse(
    _ bytes: [UInt8], limits: HeadLimits = HeadLimits(), into head: ResponseHead = ResponseHead()
) -> HeadOutcome<ParsedResponse> {
    do throws(MessageFault) {
        guard let length = try HeadParser.parse(unsafe bytes.span.bytes, limits: limits, into: head) else {
            return .incomplete
        }
        return .complete(
            ParsedResponse(
                status: head.status, reason: text(bytes, head.reasonRange), minorVersion: head.minorVersion,
                fields: fields(bytes, head.fields), contentLength: head.fields.contentLength,
                isChunked: head.fields.isChunked, allowsKeepAlive: head.allowsKeepAlive),
            length: length)
    } catch {
        return .refused(error)
    }
}

func parseResponse(_ text: String, limits: HeadLimits = HeadLimits()) -> HeadOutcome<ParsedResponse> {
    parseResponse(Array(text.utf8), limits: limits)
}

/// The head of a GET with these field lines.
func get(_ lines: String..., version: String = "1.1") -> String {
    "GET / HTTP/\(version)\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// The same with `Host: a` first.
func getWithHost(_ lines: String...) -> String {
    "GET / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}
